/** What an error of Takt carries besides its message. */
export interface TaktErrorFacts {
  /** Kebab-case, unique over all packages, stable: clients and dashboards match on it. */
  readonly code: string
  readonly message: string
  /** Whether the same call may succeed later without anyone changing anything. */
  readonly retryable: boolean
  /** The HTTP status this error has at a border; absent: it is internal and tells a client nothing. */
  readonly status?: number | undefined
  /** The values the message names, for logs and for problem documents. Never secrets. */
  readonly details: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/** An error that was designed: it has a row in some package's table (`defineErrors`). */
export class TaktError<Code extends string = string> extends Error {
  readonly code: Code
  readonly retryable: boolean
  readonly status: number | undefined
  readonly details: Readonly<Record<string, unknown>>

  constructor(facts: TaktErrorFacts & { readonly code: Code }) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.name = 'TaktError'
    this.code = facts.code
    this.retryable = facts.retryable
    this.status = facts.status
    this.details = facts.details
  }
}

/**
 * What every designed error has, whichever package made it. `status` and `details` are there where a client may see
 * them: only `TaktError` carries them.
 */
export interface DesignedError extends Error {
  readonly code: string
  readonly retryable: boolean
  readonly status?: number | undefined
  readonly details?: Readonly<Record<string, unknown>>
}

/**
 * Whether `error` was designed: it has a code and says whether trying again helps. By shape, so that it holds for the
 * error classes of packages that do not import this one, and across copies of this module.
 */
export const isDesignedError = (error: unknown): error is DesignedError =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  'retryable' in error &&
  typeof error.retryable === 'boolean'

/** Whether `error` comes from a table of `defineErrors`: only such a one was written for clients. */
export const isTaktError = (error: unknown): error is TaktError => isDesignedError(error) && error.name === 'TaktError'

/** Whether `error` is the designed error with this code. */
export const hasCode = <Code extends string>(error: unknown, code: Code): error is DesignedError & { code: Code } =>
  isDesignedError(error) && error.code === code
