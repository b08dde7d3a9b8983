import { DomainError } from '@takt/domain'
import { isTaktError, toProblem } from '@takt/service'
import { VideoError } from '@takt/video'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { apiError } from '../errors.ts'
import type { ApiEvents } from '../events.ts'

/** Answers every error with a problem document and logs those that are ours. */
export const problemHandler =
  (events: ApiEvents) =>
  (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const problem = toProblem(translate(error, request))
    if (problem.status >= 500)
      events.requestFailed({
        requestId: request.id,
        method: request.method,
        route: request.routeOptions.url ?? 'unmatched',
        status: problem.status,
        error,
      })
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="takt"')
    if (problem.status === 405) reply.header('allow', String(problem.details?.allowed))
    if (problem.status === 416) reply.header('content-range', `bytes */${problem.details?.size}`)
    return sendProblem(reply, problem)
  }

const sendProblem = (reply: FastifyReply, problem: ReturnType<typeof toProblem>): FastifyReply =>
  reply.code(problem.status).type('application/problem+json').serializer(String).send(JSON.stringify(problem))

/** What comes without a row of our table gets one. */
const translate = (error: FastifyError, request: FastifyRequest): unknown => {
  if (hasZodFastifySchemaValidationErrors(error)) return invalidRequest(error, request)
  if (error instanceof DomainError) return fromDomain(error)
  if (error instanceof VideoError) return fromVideo(error)
  // A body that is no JSON names nothing of it: it may hold a password.
  if (error.code === 'FST_ERR_CTP_INVALID_JSON_BODY' || error instanceof SyntaxError)
    return apiError('invalid-request', { problems: [{ at: 'body', message: 'is not JSON' }] }, { cause: error })
  return isTaktError(error) || error.statusCode !== undefined ? error : (fromPostgres(error) ?? error)
}

const fromDomain = (error: DomainError): unknown => {
  if (error.code === 'process-invalid')
    return apiError('process-refused', (error as DomainError<'process-invalid'>).values, { cause: error })
  if (error.code === 'labels-invalid')
    return apiError('labels-refused', (error as DomainError<'labels-invalid'>).values, { cause: error })
  if (error.code === 'feed-token-refused')
    return apiError('feed-token-refused', (error as DomainError<'feed-token-refused'>).values, { cause: error })
  return error
}

/** Its message names files of ours: the client gets the code. */
const fromVideo = (error: VideoError): unknown =>
  apiError(error.retryable ? 'video-busy' : 'video-unreadable', { why: error.code }, { cause: error })

/** Postgres out of reach, overloaded or at odds with itself (a deadlock) is a 503: by the classes of its codes, by Prisma's and by the system's. */
const fromPostgres = (error: { readonly code?: string; readonly message: string }): unknown => {
  const code = error.code ?? ''
  const away = /^(08|40|53|57)|^P1\d{3}$|^P20(24|28|34)$|^E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|NOTFOUND)$/.test(code)
  return away || /timeout exceeded when trying to connect/.test(error.message)
    ? apiError('database-away', undefined, { cause: error })
    : null
}

/** Where a client must not see again what it sent. */
const secretFields = new Set(['url'])
const longestShown = 80

const invalidRequest = (error: FastifyError, request: FastifyRequest): unknown => {
  const part = (error.validationContext ?? 'body') as 'body' | 'params' | 'querystring' | 'headers'
  const given = part === 'querystring' ? request.query : request[part]
  const problems = (error.validation ?? []).slice(0, 20).map(issue => {
    const path = issue.instancePath.split('/').filter(step => step !== '')
    const value = path.some(step => secretFields.has(step)) ? undefined : shown(valueAt(given, path))
    return {
      at: [part, ...path].join('/'),
      message: issue.message ?? 'is not valid',
      ...(value !== undefined && { value }),
    }
  })
  return apiError('invalid-request', { problems }, { cause: error })
}

const valueAt = (root: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as Record<string, unknown>)[step]
        : undefined,
    root,
  )

/** Scalars only: an object is named by the path already, and may hold a secret. */
const shown = (value: unknown): string | undefined => {
  if (typeof value === 'object' || value === undefined) return value === null ? 'null' : undefined
  const text = JSON.stringify(value) ?? String(value)
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text
}
