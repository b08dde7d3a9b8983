import { defineErrors } from '@takt/service/errors'

/** The errors of this package. */
export const jobError = defineErrors({
  'jobs-unavailable': {
    message: (v: { reason: string }) => `the work list in Redis cannot be reached: ${v.reason}`,
    retryable: true,
  },
  'job-args-invalid': {
    message: (v: { kind: string; problems: readonly string[] }) =>
      `a job of kind ${v.kind} has bad args: ${v.problems.join('; ')}`,
    retryable: false,
  },
  'job-attempts-exhausted': {
    message: (v: { kind: string; jobId: string; attempts: number; stalls: number }) =>
      `job ${v.jobId} was started ${v.attempts} times without an end; ${v.stalls} times its worker died or froze over it`,
    retryable: false,
  },
  'job-lock-lost': {
    message: (v: { kind: string; jobId: string }) =>
      `job ${v.jobId} is no longer this worker's: Redis forgot it, or another worker may have it`,
    retryable: true,
  },
  'job-worker-stopping': {
    message: (v: { kind: string; jobId: string }) => `the worker stops; job ${v.jobId} goes back to its queue`,
    retryable: true,
  },
})
