import { openBlobStore } from '@takt/blobs'
import { openDatabase } from '@takt/db'
import { applyBackfillPolicy, openJobs, startJobWorker } from '@takt/jobs'
import { openRuntime } from '@takt/runtime'
import { defineService, poll } from '@takt/service'
import { createStationReader } from '@takt/timeline'
import { environment } from './config.ts'
import { createDriftMeter } from './drift/measure-views.ts'
import { createEncoders } from './encoders.ts'
import { workerEvents } from './events.ts'
import { createHandlers, createUndertaker } from './handlers.ts'
import { createWorkerMetrics, trainingObserver } from './metrics.ts'
import { registerUntrained } from './register-untrained.ts'
import { sweep } from './sweep.ts'

/** Pulls jobs: embedding of segments, fitting of heads, training of encoders. Any number of workers may run. */
export const worker = defineService({
  name: 'worker',
  version: '0.1.0',
  environment,
  health: 'listener',
  start: async context => {
    const { config, health } = context
    const events = workerEvents(context.logger)
    const db = openDatabase({ url: config.DATABASE_URL.reveal() })
    context.defer('database', () => db[Symbol.asyncDispose]())
    const blobs = await openBlobStore(
      config.OBJECT_STORE_URL,
      config.OBJECT_STORE_ACCESS_KEY && config.OBJECT_STORE_SECRET_KEY
        ? { accessKey: config.OBJECT_STORE_ACCESS_KEY, secretKey: config.OBJECT_STORE_SECRET_KEY }
        : undefined,
    )
    context.defer('object store', () => blobs[Symbol.asyncDispose]())
    const jobs = await openJobs({ redisUrl: config.REDIS_URL.reveal() })
    context.defer('jobs', () => jobs[Symbol.asyncDispose]())
    const runtime = await openRuntime({ provider: config.PROVIDER, threads: config.RUNTIME_THREADS })
    context.defer('runtime', () => runtime[Symbol.asyncDispose]())
    const encoders = createEncoders(runtime, config.PROVIDER, blobs)
    context.defer('encoders', () => encoders[Symbol.asyncDispose]())

    health.addCheck('database', db.check)
    health.addCheck('object store', blobs.check)
    health.addCheck('jobs', jobs.check)

    if (await registerUntrained(db, blobs)) events.encoderRegistered({ encoder: 'untrained', method: 'untrained' })

    const metrics = createWorkerMetrics(context.metrics, jobs)
    const observe = (stage: string, seconds: number) => metrics.stageSeconds.observe({ stage }, seconds)
    const reader = createStationReader(db, blobs)
    const working = await startJobWorker({
      redisUrl: config.REDIS_URL.reveal(),
      handlers: createHandlers({
        embed: { db, blobs, encoders, observe, onDamaged: events.segmentDamaged },
        fit: { db, blobs, jobs, reader },
        discover: { db, reader },
        adapt: {
          ...{ db, blobs, videoBytes: Math.floor(config.TRAIN_MEMORY / 2) },
          device: {
            provider: config.PROVIDER,
            threads: config.TRAIN_THREADS,
            limitBytes: Math.ceil(config.TRAIN_MEMORY / 2),
            checkpointEveryMs: config.TRAIN_CHECKPOINT_INTERVAL,
          },
          onStarted: events.trainingStarted,
          onProgress: trainingObserver(metrics),
          onLeftOut: events.trainingSegmentLeftOut,
          onLeaseFault: error => events.trainingReportFailed({ error }),
        },
        events,
        metrics,
      }),
      concurrency: { 'embed-live': config.EMBED_CONCURRENCY, 'embed-backfill': 1, train: 1, adapt: 1, discover: 1 },
      onDead: createUndertaker(db, metrics),
      lockDurationMs: config.JOB_LOCK,
      stalledIntervalMs: config.JOB_STALLED_INTERVAL,
      signal: context.signal,
      logger: context.logger,
    })
    context.drain('jobs', () => working.close())

    const housekeeping = (task: string) => (error: unknown) => events.housekeepingFailed({ task, error })
    context.background('sweep', signal =>
      poll({ everyMs: config.SWEEP_INTERVAL, signal, onError: housekeeping('sweep') }, async () => {
        const swept = await sweep(db, jobs, { nowMs: Date.now(), afterMs: config.SWEEP_AFTER })
        for (const [kind, count] of Object.entries(swept)) metrics.swept.inc({ kind }, count)
        if (Object.values(swept).some(count => count > 0)) events.sweptUp(swept)
      }),
    )
    const meter = createDriftMeter({
      ...{ db, blobs, windowMs: config.DRIFT_WINDOW },
      onFailed: events.driftNotMeasured,
    })
    context.background('drift', signal =>
      poll({ everyMs: config.DRIFT_WINDOW / 4, signal, onError: housekeeping('drift') }, async stop => {
        metrics.driftMeasured.inc(await meter.measure(Date.now(), stop))
      }),
    )
    context.background('backfill', signal => {
      let paused = false
      let countedCpuSeconds = 0
      return poll({ everyMs: 5_000, signal, onError: housekeeping('backfill') }, async () => {
        const pause = await applyBackfillPolicy(jobs)
        if (pause !== paused) events.backfillPaused({ paused: pause })
        paused = pause
        const cpuSeconds = await runtime.cpuSeconds()
        metrics.runtimeCpu.inc(Math.max(0, cpuSeconds - countedCpuSeconds))
        countedCpuSeconds = cpuSeconds
      })
    })
    context.ready()
  },
})
