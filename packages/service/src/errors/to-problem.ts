import { isDesignedError, isTaktError } from './takt-error.ts'

/** A problem document, RFC 9457, `application/problem+json`. */
export interface Problem {
  readonly type: `urn:takt:error:${string}`
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly instance?: string
  /** The code of `type` by itself, for clients that branch on it. */
  readonly code: string
  readonly retryable: boolean
  readonly details?: Readonly<Record<string, unknown>>
}

/** Translates any thrown thing at the HTTP border. What was not designed for a client becomes a 500 or 503 that leaks nothing. */
export const toProblem = (error: unknown, options: { readonly instance?: string } = {}): Problem => {
  const instance = options.instance === undefined ? {} : { instance: options.instance }
  if (isTaktError(error) && error.status !== undefined)
    return {
      ...problem(error.code, error.status, error.message, error.retryable),
      ...(Object.keys(error.details).length > 0 && { details: error.details }),
      ...instance,
    }
  if (isDesignedError(error) && error.retryable)
    return {
      ...problem('unavailable', 503, 'A service that this needs does not answer at the moment.', true),
      ...instance,
    }
  if (isClientError(error))
    return { ...problem('invalid-request', error.statusCode, error.message, error.statusCode === 429), ...instance }
  return {
    ...problem('internal', 500, 'Something went wrong here; the log of this service has the cause.', false),
    ...instance,
  }
}

const problem = (code: string, status: number, detail: string, retryable: boolean): Problem => ({
  type: `urn:takt:error:${code}`,
  title: sentence(code),
  status,
  detail,
  code,
  retryable,
})

const sentence = (code: string): string => {
  const words = code.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** fastify's own refusals (validation, body too large, media type, rate limit) carry a 4xx `statusCode` and are written for the client. */
const isClientError = (error: unknown): error is Error & { statusCode: number } =>
  error instanceof Error &&
  'statusCode' in error &&
  typeof error.statusCode === 'number' &&
  error.statusCode >= 400 &&
  error.statusCode < 500
