import { isDesignedError } from './takt-error.ts'

/** What a job's failure means for the queue. */
export interface JobFailure {
  readonly outcome: 'retryable' | 'unrecoverable'
  readonly code: string
  readonly message: string
}

/** Translates any thrown thing at the job border. What was not designed may be a passing fault: it is retried, and attempts are bounded. */
export const toJobFailure = (error: unknown): JobFailure => {
  if (isDesignedError(error))
    return { outcome: error.retryable ? 'retryable' : 'unrecoverable', code: error.code, message: error.message }
  return { outcome: 'retryable', code: 'unexpected', message: error instanceof Error ? error.message : String(error) }
}
