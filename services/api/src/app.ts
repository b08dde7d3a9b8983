import rateLimit from '@fastify/rate-limit'
import { healthPlugin } from '@takt/service'
import fastify, {
  type FastifyBaseLogger,
  type FastifySchemaCompiler,
  type FastifySerializerCompiler,
  LogController,
} from 'fastify'
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { createCallers } from './auth/find-caller.ts'
import { guardRoutes } from './auth/guard-routes.ts'
import type { ApiContext } from './context.ts'
import { apiError } from './errors.ts'
import { apiEvents } from './events.ts'
import { allowedMethods, type RouteShape } from './http/allowed-methods.ts'
import { problemHandler } from './http/problem-handler.ts'
import { measureRequests } from './http/request-metrics.ts'
import { describeApi } from './openapi/describe-api.ts'
import { registerRoutes } from './routes/index.ts'

/** A route as a test of the guards sees it. */
interface ListedRoute extends RouteShape {
  readonly scope: string | null
}

/**
 * Documents are typed against their schemas when they are compiled and are written as they are; checking them again
 * on every answer would cost more than reading them. Tests pass a serialiser that does check.
 */
const writeAsIs: FastifySerializerCompiler<z.ZodType> = () => data => JSON.stringify(data)

export interface AppOptions {
  readonly serializerCompiler?: FastifySerializerCompiler<z.ZodType>
}

const minuteMs = 60_000

/** The HTTP service over a context; it does not listen. `routes` lists everything that was registered. */
export async function buildApp(context: ApiContext, { serializerCompiler = writeAsIs }: AppOptions = {}) {
  const { limits } = context
  const events = apiEvents(context.logger)
  const answerProblem = problemHandler(events)
  const app = fastify({
    // What fails before there is a route, such as a path that is badly encoded.
    frameworkErrors: answerProblem,
    loggerInstance: context.logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.bodyBytes,
    trustProxy: limits.trustProxy,
    forceCloseConnections: 'idle',
    requestTimeout: 60_000,
    routerOptions: { maxParamLength: 200 },
    genReqId: () => crypto.randomUUID(),
  }).withTypeProvider<ZodTypeProvider>()
  const routes: ListedRoute[] = []
  app.addHook('onRoute', ({ method, url, config }) => {
    for (const one of [method].flat()) routes.push({ method: one, url, scope: config?.scope ?? null })
  })
  app.setValidatorCompiler(validatorCompiler as FastifySchemaCompiler<z.ZodType>)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(answerProblem)
  app.setNotFoundHandler(request => {
    const path = request.url.split('?')[0]!
    const allowed = allowedMethods(routes, path)
    const facts = { method: request.method, path: path.slice(0, 200) }
    throw allowed.length > 0 ? apiError('method-not-allowed', { ...facts, allowed }) : apiError('route-unknown', facts)
  })
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff')
  })
  app.addContentTypeParser('text/csv', { parseAs: 'string' }, async (_request: unknown, body: string | Buffer) => body)
  measureRequests(app, context.metrics)
  await app.register(healthPlugin, { health: context.health, metrics: context.metrics })
  await app.register(rateLimit, {
    global: false,
    max: limits.requestsPerMinute,
    timeWindow: minuteMs,
    allowList: request => !request.url.startsWith('/v1/'),
    errorResponseBuilder: (_request, { max, ttl }) =>
      apiError('too-many-requests', { limit: max, retryAfterSeconds: Math.ceil(ttl / 1000) }),
  })
  // Before the guards, so that guessing keys is limited too.
  app.addHook('onRequest', app.rateLimit())
  await describeApi(app)
  const callers = createCallers({ db: context.db, adminKey: context.adminKey, now: context.now })
  await app.register(
    async v1 => {
      guardRoutes(v1, callers)
      registerRoutes(v1.withTypeProvider<ZodTypeProvider>(), { ...context, callers, events })
    },
    { prefix: '/v1' },
  )
  return Object.assign(app, { routes: routes as readonly ListedRoute[] })
}
