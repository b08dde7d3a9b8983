import { hasCode } from '@takt/service/errors'
import { backoffMs } from '@takt/service/loop'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { jobError } from './errors.ts'
import { type Job, type JobArgs, type JobKind, jobId, jobKindNames, jobOptions } from './job-kinds.ts'
import { parseJobArgs } from './parse-job-args.ts'
import { within } from './within.ts'
import { withoutCommand } from './without-command.ts'

export interface OpenJobsOptions {
  /** `redis://…` or `rediss://…`, with the password if there is one. */
  readonly redisUrl: string
  /** Before every key in Redis, so that several plants can share a server. Default `takt`. */
  readonly prefix?: string
  /** No call lasts longer. Default 2 s. */
  readonly timeoutMs?: number
  /** Told when the connection breaks or cannot be made; repeats are the caller's to fold. */
  readonly onConnectionError?: (error: Error) => void
}

export interface QueueCounts {
  readonly waiting: number
  readonly active: number
  /** Failed and waiting for their next attempt. */
  readonly delayed: number
  /** Since the job that waits longest was added; 0 when none waits. */
  readonly oldestWaitingAgeSeconds: number
  readonly paused: boolean
}

/**
 * The producers' side. Every method throws `jobs-unavailable` (retryable) within its time limit when Redis does not answer;
 * adding is best effort: the pending row in Postgres is the truth and a sweep adds again.
 */
export interface Jobs extends AsyncDisposable {
  /** Adds a job unless the same one waits or runs already. Throws `job-args-invalid`. */
  add<Kind extends JobKind>(kind: Kind, args: JobArgs[Kind]): Promise<void>
  /** Adds many, in few round trips. */
  addBulk(jobs: readonly Job[]): Promise<void>
  counts(): Promise<{ readonly [Kind in JobKind]: QueueCounts }>
  /** For every worker, until `resume`. */
  pause(kind: JobKind): Promise<void>
  resume(kind: JobKind): Promise<void>
  /** For `/health/ready`. */
  check(): Promise<void>
  close(): Promise<void>
}

const bulkSize = 500

/** Connects, waiting no longer than one call may; without Redis it returns all the same and goes on trying. */
export const openJobs = async (options: OpenJobsOptions): Promise<Jobs> => {
  const { redisUrl, prefix = 'takt', timeoutMs = 2000, onConnectionError = () => undefined } = options
  const connection = new Redis(redisUrl, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    retryStrategy: attempt => backoffMs(attempt, Math.random(), { firstMs: 100, capMs: 2000 }),
  })
  const onFault = (error: Error) => onConnectionError(withoutCommand(error))
  connection.on('error', onFault)
  const queueOf = (kind: JobKind) => {
    // Nobody reads BullMQ's event stream here; by default it keeps 10,000 events a queue.
    const queue = new Queue(kind, { connection, prefix, skipVersionCheck: true, streams: { events: { maxLen: 100 } } })
    queue.on('error', onFault)
    return queue
  }
  const queues = Object.fromEntries(jobKindNames.map(kind => [kind, queueOf(kind)])) as Record<JobKind, Queue>

  /** Redis that is away must cost a caller its time limit at most, and nothing where it is known to be away. */
  const ask = async <Answer>(question: () => Promise<Answer>): Promise<Answer> => {
    if (connection.status !== 'ready')
      throw jobError('jobs-unavailable', { reason: `the connection is ${connection.status}` })
    try {
      return await within(timeoutMs, question())
    } catch (error) {
      if (hasCode(error, 'jobs-unavailable')) throw error
      throw jobError(
        'jobs-unavailable',
        { reason: error instanceof Error ? error.message : String(error) },
        { cause: withoutCommand(error) },
      )
    }
  }

  const countsOf = async (queue: Queue): Promise<QueueCounts> => {
    const [counts, paused, [oldest]] = await Promise.all([
      queue.getJobCounts('wait', 'active', 'delayed'),
      queue.isPaused(),
      queue.getRanges(['wait'], 0, 0, true),
    ])
    const addedAtMs =
      oldest === undefined ? Number.NaN : Number(await connection.hget(queue.toKey(oldest), 'timestamp'))
    const oldestWaitingAgeSeconds = Number.isFinite(addedAtMs) ? Math.max(0, (Date.now() - addedAtMs) / 1000) : 0
    const { wait = 0, active = 0, delayed = 0 } = counts
    return { waiting: wait, active, delayed, oldestWaitingAgeSeconds, paused }
  }

  const jobs: Jobs = {
    add: async (kind, args) => {
      const parsed = parseJobArgs(kind, args)
      await ask(() => queues[kind].add(kind, parsed, { ...jobOptions(kind), jobId: jobId(kind, parsed) }))
    },
    addBulk: async many => {
      for (const kind of jobKindNames) {
        const rows = many
          .filter(job => job.kind === kind)
          .map(job => parseJobArgs(kind, job.args))
          .map(args => ({ name: kind, data: args, opts: { ...jobOptions(kind), jobId: jobId(kind, args) } }))
        for (let from = 0; from < rows.length; from += bulkSize)
          await ask(() => queues[kind].addBulk(rows.slice(from, from + bulkSize)))
      }
    },
    counts: () =>
      ask(async () => {
        const entries = await Promise.all(jobKindNames.map(async kind => [kind, await countsOf(queues[kind])] as const))
        return Object.fromEntries(entries) as { [Kind in JobKind]: QueueCounts }
      }),
    pause: kind => ask(() => queues[kind].pause()),
    resume: kind => ask(() => queues[kind].resume()),
    check: () => ask(async () => void (await connection.ping())),
    close: async () => {
      // Nothing is lost by hanging up: an answer that is still awaited is a job added or not, and the sweep sees to it.
      connection.disconnect()
      await Promise.allSettled(Object.values(queues).map(queue => within(timeoutMs, queue.close())))
    },
    [Symbol.asyncDispose]: () => jobs.close(),
  }

  await within(timeoutMs, new Promise<void>(resolve => connection.once('ready', resolve))).catch(onFault)
  return jobs
}
