import { openBlobStore } from '@takt/blobs'
import { openDatabase, openSeal } from '@takt/db'
import { openJobs } from '@takt/jobs'
import { defineService } from '@takt/service'
import { buildApp } from './app.ts'
import { type ApiConfig, apiEnvironment } from './config.ts'
import type { ApiContext } from './context.ts'
import { apiEvents } from './events.ts'
import { startRecorder } from './recorder/start-recorder.ts'
import { openVideoCache } from './video/video-cache.ts'
import { createAddressGuard } from './webhooks/address-guard.ts'
import { startSender } from './webhooks/start-sender.ts'

/** The REST API, and the recorder where a segmenter is configured. */
export const apiService = defineService({
  name: 'api',
  version: '0.1.0',
  environment: apiEnvironment,
  health: 'mounted',
  start: async service => {
    const { config, logger } = service
    const events = apiEvents(logger)
    const db = openDatabase({ url: config.DATABASE_URL.reveal(), connections: config.DATABASE_CONNECTIONS })
    service.defer('database', () => db[Symbol.asyncDispose]())
    const blobs = await openBlobStore(config.OBJECT_STORE_URL, blobCredentials(config))
    service.defer('object store', () => blobs[Symbol.asyncDispose]())
    const jobs = await openJobs({
      redisUrl: config.REDIS_URL.reveal(),
      prefix: config.REDIS_PREFIX,
      onConnectionError: error => events.queueConnectionFailed({ error }),
    })
    service.defer('queues', () => jobs.close())
    const videoCache = await openVideoCache({ directory: config.VIDEO_CACHE_DIR, maxBytes: config.VIDEO_CACHE_SIZE })
    // Redis and the object store may be away: timings are read from Postgres alone.
    service.health.addCheck('database', () => db.check())

    const context: ApiContext = {
      db,
      seal: openSeal(config.TAKT_SECRET.reveal()),
      blobs,
      jobs,
      videoCache,
      metrics: service.metrics,
      health: service.health,
      logger,
      now: () => new Date(),
      signal: service.signal,
      limits: {
        requestsPerMinute: config.RATE_LIMIT,
        bodyBytes: config.BODY_LIMIT,
        trustProxy: config.TRUST_PROXY === 'yes',
        events: { skewMs: config.EVENT_CLOCK_SKEW, lateMs: config.EVENT_LATENESS },
      },
      webhookTargets: createAddressGuard(config.WEBHOOK_NETWORKS),
      adminKey: config.TAKT_ADMIN_KEY,
    }
    const app = await buildApp(context)
    // Closing refuses what is new at once; what is being answered has the second phase to end.
    let closed: Promise<void> | undefined
    service.stopIntake('http', () => {
      closed = app.close()
    })
    service.drain('http', () => closed)
    const url = await app.listen({ host: config.API_HOST, port: config.API_PORT })
    startSender(service, context)
    if (config.SEGMENTER_ADDRESS) startRecorder(service, db, config.SEGMENTER_ADDRESS)
    service.ready()
    return { url }
  },
})

const blobCredentials = (config: ApiConfig) =>
  config.OBJECT_STORE_ACCESS_KEY !== undefined && config.OBJECT_STORE_SECRET_KEY !== undefined
    ? { accessKey: config.OBJECT_STORE_ACCESS_KEY, secretKey: config.OBJECT_STORE_SECRET_KEY }
    : undefined
