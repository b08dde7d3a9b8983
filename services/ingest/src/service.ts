import { access, constants } from 'node:fs/promises'
import { openBlobStore } from '@takt/blobs'
import { cameraSealContext, type IngestCamera, openDatabase, openSeal } from '@takt/db'
import { openJobs } from '@takt/jobs'
import { defineService } from '@takt/service'
import { createFleet } from './cameras/fleet.ts'
import { createStateBoard } from './cameras/state-board.ts'
import { watchCameras } from './cameras/watch-cameras.ts'
import { type IngestConfig, ingestEnvironment } from './config.ts'
import { ingestEvents } from './events.ts'
import type { KeepItem } from './keep/keep-item.ts'
import { ingestMetrics } from './metrics.ts'
import { lockSpool } from './spool/lock-spool.ts'
import { recoverSpool } from './spool/recover-spool.ts'
import { openSpool } from './spool/spool.ts'
import { waitForWriters } from './spool/wait-for-writers.ts'

/** From the cameras to kept segments: captures each camera into the spool, and empties the spool into the store and Postgres. */
export const ingest = defineService({
  name: 'ingest',
  version: '0.1.0',
  environment: ingestEnvironment,
  health: 'listener',
  start: async context => {
    const { config, redactor, signal } = context
    const events = ingestEvents(context.logger)
    const nowMs = Date.now

    const db = openDatabase({ url: config.DATABASE_URL.reveal() })
    context.defer('database', () => db[Symbol.asyncDispose]())
    const blobs = await openBlobStore(config.OBJECT_STORE_URL, storeCredentials(config))
    context.defer('object store', () => blobs[Symbol.asyncDispose]())
    const jobs = await openJobs({
      redisUrl: config.REDIS_URL.reveal(),
      prefix: config.REDIS_PREFIX,
      onConnectionError: error => events.workListUnreachable({ error }),
    })
    context.defer('jobs', () => jobs.close())

    const root = config.SPOOL_DIRECTORY
    const spool = await openSpool({ root, limitBytes: config.SPOOL_LIMIT })
    const unlock = await lockSpool(root)
    context.defer('spool', unlock)
    await waitForWriters(root)

    const metrics = ingestMetrics(context.metrics, spool)
    const board = createStateBoard({ db, events, metrics, nowMs })
    const seal = openSeal(config.TAKT_SECRET.reveal())
    const openUrl = (camera: IngestCamera): string => {
      const url = seal.open(camera.urlSealed, cameraSealContext(camera.id))
      redactor.register(url)
      return url
    }
    const fleet = createFleet({
      keeping: { db, blobs, jobs, spool, events, metrics, nowMs },
      settings: {
        segmentSeconds: config.SEGMENT_SECONDS,
        timeoutMs: config.CAMERA_TIMEOUT,
        stallMs: config.CAMERA_STALL_AFTER,
      },
      reconnect: { firstMs: config.RECONNECT_FIRST, capMs: config.RECONNECT_CAP },
      ...{ openUrl, spool, board, events, metrics, nowMs, signal },
    })
    for (const { camera, items } of await recoverSpool(root, nowMs())) {
      for (const item of items) if ('segment' in item) spool.take(item.path, item.segment.bytes)
      const segments = items.filter(item => item.kind === 'segment').length
      events.spoolRecovered({ cameraId: camera, segments, unreadable: items.filter(isUnreadable).length })
      fleet.recover(camera, items)
    }

    context.health.addCheck('database', db.check)
    context.health.addCheck('object store', blobs.check)
    context.health.addCheck('spool', () => access(root, constants.W_OK))
    context.background('states', board.run)
    context.background('cameras', signal => Promise.race([watchCameras({ db, fleet, events, signal }), fleet.failed]))
    context.drain('cameras', async limit => {
      await fleet.drain(limit)
      await board.flush()
    })
    context.ready()
  },
})

const storeCredentials = (config: IngestConfig) =>
  config.OBJECT_STORE_ACCESS_KEY && config.OBJECT_STORE_SECRET_KEY
    ? { accessKey: config.OBJECT_STORE_ACCESS_KEY, secretKey: config.OBJECT_STORE_SECRET_KEY }
    : undefined

const isUnreadable = (item: KeepItem): boolean => 'reason' in item && item.reason === 'bad-segment'
