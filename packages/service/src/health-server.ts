import fastify, { type FastifyPluginAsync, LogController } from 'fastify'
import { isTaktError } from './errors/index.ts'
import type { Health } from './health.ts'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics.ts'

export interface HealthRoutesOptions {
  readonly health: Health
  readonly metrics: Metrics
}

/** `/health/live`, `/health/ready` and `/metrics`, to be registered on any fastify instance. */
export const healthPlugin: FastifyPluginAsync<HealthRoutesOptions> = async (app, { health, metrics }) => {
  app.get('/health/live', { schema: { hide: true } as object }, async () => ({ status: 'live' }))

  app.get('/health/ready', { schema: { hide: true } as object }, async (_request, reply) => {
    const { ready, failing } = await health.readiness()
    if (ready) return { status: 'ready' }
    const checks = failing.map(({ check, error }) => ({ check, reason: reasonOf(error) }))
    reply.code(503).type('application/problem+json')
    // Serialised here: an instance with schema-bound serialisers has none for this document.
    return JSON.stringify({
      type: 'urn:takt:error:not-ready',
      title: 'Not ready',
      status: 503,
      detail: `failing: ${checks.map(({ check }) => check).join(', ')}`,
      checks,
    })
  })

  app.get('/metrics', { schema: { hide: true } as object }, async (_request, reply) => {
    reply.type(metrics.registry.contentType)
    return metrics.registry.metrics()
  })
}

/** Codes only: a message may name hosts, and this answer needs no key. */
const reasonOf = (error: unknown): string => {
  if (isTaktError(error)) return error.code
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return code ?? (error instanceof Error ? error.name : 'unknown')
}

export interface HealthServerOptions extends HealthRoutesOptions {
  readonly host: string
  readonly port: number
  readonly logger: Logger
}

/** A listener with nothing but those routes, for services without an HTTP API. `url` has no trailing slash. */
export const startHealthServer = async ({ host, port, logger, ...routes }: HealthServerOptions) => {
  const app = fastify({
    // Its own news (that it listens) is the lifecycle's to tell.
    loggerInstance: logger.child({}, { level: 'warn' }),
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
  })
  await app.register(healthPlugin, routes)
  const url = await app.listen({ host, port })
  return { url, close: () => app.close() }
}
