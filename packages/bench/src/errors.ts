import { defineErrors } from '@takt/service/errors'

/** The errors of this package. */
export const benchError = defineErrors({
  'benchmark-unknown': {
    message: (v: { name: string; known: string }) => `${v.name || 'no name'} is none of the benchmarks ${v.known}`,
    retryable: false,
  },
  'option-invalid': {
    message: (v: { option: string; value: string; wanted: string }) => `--${v.option} ${v.value} is not ${v.wanted}`,
    retryable: false,
  },
  'answer-refused': {
    message: (v: { url: string; status: number; answer: string }) => `${v.url} answered ${v.status}: ${v.answer}`,
    retryable: false,
  },
  'answers-differ': {
    message: (v: { path: string; api: number; bare: number }) =>
      `the rivals answer ${v.path} differently: ${v.api} rows and ${v.bare} rows, or other ones`,
    retryable: false,
  },
  'process-gone': {
    message: (v: { pid: number }) => `process ${v.pid} has ended while it was measured`,
    retryable: false,
  },
  'rival-failed': {
    message: (v: { script: string; said: string }) => `the rival ${v.script} ended: ${v.said || 'it said nothing'}`,
    retryable: false,
  },
  'nothing-measured': {
    message: (v: { what: string }) => `there is nothing to measure: ${v.what}`,
    retryable: false,
  },
})
