import { backoffMs } from '@takt/service/loop'
import { Worker } from 'bullmq'
import { jobError } from './errors.ts'
import { forgetJob } from './forget-job.ts'
import { jobEvents } from './job-events.ts'
import { type JobKind, jobKindNames, jobKindRow } from './job-kinds.ts'
import type { JobHandlers, JobWorker, JobWorkerOptions } from './job-worker-options.ts'
import { openWorkerConnection } from './open-worker-connection.ts'
import { refuseUnreadable } from './refuse-unreadable.ts'
import { runJob } from './run-job.ts'
import { settledWithin } from './settled-within.ts'
import { withoutCommand } from './without-command.ts'

/** What closing may take beyond the grace, ms. */
const hangUpMs = 2000

interface RunningJob {
  readonly kind: JobKind
  readonly jobId: string
  readonly abort: AbortController
  readonly ended: Promise<void>
}

/** Takes jobs from the queues that have a handler until the signal aborts. Returns at once: Redis may come later, go away and come back empty. */
export const startJobWorker = (options: JobWorkerOptions): JobWorker => {
  const { redisUrl, prefix = 'takt', handlers, concurrency = {}, onDead, signal, logger } = options
  const { lockDurationMs = 30_000, stalledIntervalMs = 15_000, graceMs = 10_000 } = options
  const events = jobEvents(logger)
  const running = new Map<string, RunningJob>()
  let closing: Promise<void> | undefined

  const { redis, disconnect } = openWorkerConnection(redisUrl)

  const startQueue = <Kind extends JobKind>(kind: Kind, handler: NonNullable<JobHandlers[Kind]>): Worker => {
    const forget = (jobId: string) => forgetJob(redis, { prefix, kind, jobId })
    const worker = new Worker(
      kind,
      async (job, token = '') => {
        const abort = new AbortController()
        const jobId = String(job.id)
        // Fetched in the moment of closing.
        if (closing) abort.abort(jobError('job-worker-stopping', { kind, jobId }))
        const ended = runJob(job, token, { kind, handler, onDead, forget, events, signal: abort.signal })
        const key = `${kind} ${jobId}`
        running.set(key, { kind, jobId, abort, ended })
        await ended.finally(() => running.delete(key))
      },
      {
        prefix,
        connection: redis,
        skipVersionCheck: true,
        concurrency: concurrency[kind] ?? 1,
        lockDuration: lockDurationMs,
        stalledInterval: stalledIntervalMs,
        // `runJob` counts stalls as attempts and ends the job; BullMQ's own limit would end it without a word to Postgres.
        maxStalledCount: Number.MAX_SAFE_INTEGER,
        runRetryDelay: 1000,
        settings: { backoffStrategy: attemptsMade => backoffMs(attemptsMade, Math.random(), jobKindRow(kind).backoff) },
      },
    )
    const onFault = (error: Error) => events.redisFault({ kind, error: withoutCommand(error) })
    worker.on('error', onFault)
    worker.on('stalled', jobId => {
      events.jobStalled({ kind, jobId })
      refuseUnreadable(worker, jobId, { kind, onDead, forget, events }).catch(onFault)
    })
    worker.on('lockRenewalFailed', jobIds => {
      for (const jobId of jobIds) {
        events.jobLockLost({ kind, jobId })
        running.get(`${kind} ${jobId}`)?.abort.abort(jobError('job-lock-lost', { kind, jobId }))
      }
    })
    return worker
  }

  const workers = jobKindNames.flatMap(kind => {
    const handler = handlers[kind]
    return handler ? [startQueue(kind, handler as NonNullable<JobHandlers[typeof kind]>)] : []
  })

  const closeAll = async () => {
    await Promise.all(workers.map(worker => worker.pause(true)))
    for (const { kind, jobId, abort } of running.values()) abort.abort(jobError('job-worker-stopping', { kind, jobId }))
    await settledWithin(
      graceMs,
      [...running.values()].map(({ ended }) => ended),
    )
    const left = [...running.values()].map(({ jobId }) => jobId)
    if (left.length > 0) events.jobsLeftBehind({ jobIds: left, graceMs })
    // Without force BullMQ waits for what runs, and for Redis.
    const force = left.length > 0 || redis.status !== 'ready'
    await settledWithin(
      hangUpMs,
      workers.map(worker => worker.close(force)),
    )
    disconnect()
  }
  const close = () => {
    closing ??= closeAll()
    return closing
  }
  if (signal.aborted) void close()
  else signal.addEventListener('abort', () => void close(), { once: true })

  return { close, running: () => running.size, [Symbol.asyncDispose]: close }
}
