import { defineErrors } from '@takt/service/errors'

/** The errors of this package. */
export const devEnvError = defineErrors({
  'server-exited': {
    message: (v: { name: string; how: string; log: string; tail: string }) =>
      `${v.name} ended (${v.how}) before it was ready; the end of ${v.log}:\n${v.tail}`,
    retryable: false,
  },
  'server-not-ready': {
    message: (v: { name: string; withinMs: number; log: string; tail: string }) =>
      `${v.name} was not ready within ${v.withinMs} ms; the end of ${v.log}:\n${v.tail}`,
    retryable: true,
  },
  'server-survived': {
    message: (v: { name: string; pid: number }) => `${v.name} (process ${v.pid}) lives on after SIGKILL`,
    retryable: false,
  },
  'command-failed': {
    message: (v: { command: string; how: string; output: string }) => `${v.command} failed (${v.how}):\n${v.output}`,
    retryable: false,
  },
  'no-free-port': {
    message: (v: { tried: number }) => `none of ${v.tried} ports tried was free`,
    retryable: true,
  },
  'state-directory-in-use': {
    message: (v: { path: string; pid: number | undefined }) =>
      `${v.path} is in use by ${v.pid === undefined ? 'another process' : `process ${v.pid}`}; stop it, or set TAKT_STATE to another directory`,
    retryable: false,
  },
  'cluster-of-another-version': {
    message: (v: { path: string; found: string; wanted: string }) =>
      `${v.path} holds a PostgreSQL ${v.found} cluster, this is ${v.wanted}; remove the directory or move it away`,
    retryable: false,
  },
  'camera-unknown': {
    message: (v: { name: string; known: string }) => `there is no simulated camera ${v.name}; there are ${v.known}`,
    retryable: false,
  },
  'camera-control-failed': {
    message: (v: { action: string; status: number; answer: string }) =>
      `the camera simulator answered ${v.status} to ${v.action}: ${v.answer}`,
    retryable: false,
  },
  'bucket-refused': {
    message: (v: { bucket: string; status: number; answer: string }) =>
      `the S3 server answered ${v.status} when bucket ${v.bucket} was to be made: ${v.answer}`,
    retryable: false,
  },
  'labels-malformed': {
    message: (v: { path: string; line: number; text: string }) =>
      `${v.path}:${v.line} is not source,start,end,label with start < end in seconds: ${v.text}`,
    retryable: false,
  },
})
