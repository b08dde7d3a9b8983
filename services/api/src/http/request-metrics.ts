import type { Metrics } from '@takt/service'
import type { FastifyInstance } from 'fastify'

/** Seconds of each request by method, route and status; a path that is no route counts as `unmatched`. */
export const measureRequests = (app: Pick<FastifyInstance, 'addHook'>, metrics: Metrics): void => {
  const seconds = metrics.histogram({
    name: 'http_request_seconds',
    help: 'Time from a request to the last byte of its answer.',
    labels: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.is404 ? 'unmatched' : (request.routeOptions.url ?? 'unmatched')
    seconds.observe({ method: request.method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000)
  })
}
