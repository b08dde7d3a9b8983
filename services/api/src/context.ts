import type { IncomingMessage, ServerResponse } from 'node:http'
import type { BlobStore } from '@takt/blobs'
import type { Database, Seal } from '@takt/db'
import type { Jobs } from '@takt/jobs'
import type { Health, Logger, Metrics, Secret } from '@takt/service'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Callers } from './auth/find-caller.ts'
import type { ApiEvents } from './events.ts'
import type { EventLimits } from './routes/events/check-clock.ts'
import type { VideoCache } from './video/video-cache.ts'
import type { AddressGuard } from './webhooks/address-guard.ts'

/** All that a route may use. */
export interface ApiContext {
  readonly db: Database
  readonly seal: Seal
  readonly blobs: BlobStore
  readonly jobs: Pick<Jobs, 'add' | 'addBulk'>
  readonly videoCache: VideoCache
  readonly metrics: Metrics
  readonly health: Health
  readonly logger: Logger
  readonly now: () => Date
  /** Aborts when the service stops: children end with it. */
  readonly signal: AbortSignal
  readonly limits: ApiLimits
  /** Which addresses webhooks may be sent to. */
  readonly webhookTargets: AddressGuard
  readonly adminKey: Secret | undefined
}

export interface ApiLimits {
  readonly requestsPerMinute: number
  readonly bodyBytes: number
  readonly trustProxy: boolean
  readonly events: EventLimits
}

/** What routes get besides: who may call, and what is logged. */
export interface RouteContext extends ApiContext {
  readonly callers: Callers
  readonly events: ApiEvents
}

/** An instance whose handlers are typed by their zod schemas. */
type RouteApp = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>

/** Registers one resource. */
export type Routes = (app: RouteApp, context: RouteContext) => void
