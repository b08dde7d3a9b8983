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

/** Whether `error` is a designed error; by shape, so that it holds across copies of this module. */
export const isTaktError = (error: unknown): error is TaktError =>
  error instanceof Error &&
  error.name === 'TaktError' &&
  'code' in error &&
  typeof error.code === 'string' &&
  'retryable' in error &&
  typeof error.retryable === 'boolean'

/** Whether `error` is the designed error with this code. */
export const hasCode = <Code extends string>(error: unknown, code: Code): error is TaktError<Code> =>
  isTaktError(error) && error.code === code
