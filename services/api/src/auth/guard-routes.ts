import type { FastifyInstance } from 'fastify'
import { apiError } from '../errors.ts'
import type { Caller, Callers } from './find-caller.ts'
import { grants, type Scope } from './scopes.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a key needs to call the route. */
    readonly scope?: Scope
  }
  interface FastifyRequest {
    /** Set on every guarded route. */
    caller: Caller
  }
}

/** Lets no route of this instance be registered without a scope, and no request reach one without a key that grants it. */
export function guardRoutes(app: FastifyInstance, callers: Callers): void {
  app.addHook('onRoute', route => {
    if (!route.config?.scope) throw apiError('route-unguarded', { route: `${route.method} ${route.url}` })
  })
  app.addHook('onRequest', async request => {
    const { scope } = request.routeOptions.config
    // The route's declaration was checked when it was registered; what has none is not a route.
    if (!scope) return
    const caller = await callers.find(request.headers.authorization)
    if (!grants(caller.scopes, scope)) throw apiError('scope-missing', { scope, granted: caller.scopes })
    request.caller = caller
  })
}
