import { defineErrors } from '@takt/service/errors'

export const cliError = defineErrors({
  'command-unknown': {
    message: (v: { command: string; known: readonly string[] }) =>
      `${v.command || 'nothing'} is no command; there are ${v.known.join(', ')}`,
    retryable: false,
  },
  usage: { message: (v: { usage: string }) => `usage: takt ${v.usage}`, retryable: false },
  'option-invalid': {
    message: (v: { option: string; value: string; wanted: string }) => `--${v.option} ${v.value} is not ${v.wanted}`,
    retryable: false,
  },
  'variable-missing': {
    message: (v: { name: string; what: string }) => `${v.name} is not set: ${v.what}`,
    retryable: false,
  },
  'station-unknown': {
    message: (v: { station: string; known: readonly string[] }) =>
      `there is no station ${v.station}; there are ${v.known.join(', ') || 'none'}`,
    retryable: false,
  },
  'encoder-unknown': {
    message: (v: { encoder: string; known: readonly string[] }) =>
      `there is no encoder ${v.encoder}; there are ${v.known.join(', ') || 'none'}`,
    retryable: false,
  },
  'encoder-name-taken': {
    message: (v: { name: string }) => `there is an encoder ${v.name} already`,
    retryable: false,
  },
  'adaptation-failed': {
    message: (v: { adaptation: string; error: string }) => `adaptation ${v.adaptation} failed: ${v.error}`,
    retryable: false,
  },
  'source-missing': {
    message: (v: { format: string }) => `this ${v.format} file does not say which video it is of: give it as --source`,
    retryable: false,
  },
  'source-not-a-file': {
    message: (v: { source: string }) => `the labels of ${v.source} have dates: only those of files have seconds`,
    retryable: false,
  },
  'file-unreadable': {
    message: (v: { file: string; reason: string }) => `${v.file} cannot be read: ${v.reason}`,
    retryable: false,
  },
  'file-not-written': {
    message: (v: { file: string; reason: string }) => `${v.file} cannot be written: ${v.reason}`,
    retryable: false,
  },
  'file-malformed': { message: (v: { file: string; reason: string }) => `${v.file}: ${v.reason}`, retryable: false },
  'api-unreachable': {
    message: (v: { url: string; reason: string }) => `${v.url} does not answer: ${v.reason}`,
    retryable: true,
  },
  'api-refused': {
    message: (v: { path: string; status: number; detail: string }) => `${v.path} answered ${v.status}: ${v.detail}`,
    retryable: false,
  },
})
