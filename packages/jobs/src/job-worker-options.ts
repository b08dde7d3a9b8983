import type { Logger } from '@takt/service'
import type { JobArgs, JobKind } from './job-kinds.ts'

export interface JobContext {
  /** 1 for the first attempt; a worker that died over the job counts as an attempt. */
  readonly attempt: number
  /** Whether a failure now is final. */
  readonly lastAttempt: boolean
  /** Aborts when the worker stops, or when the job's lock is lost and another worker may have it. */
  readonly signal: AbortSignal
}

export type JobHandlers = {
  readonly [Kind in JobKind]?: (args: JobArgs[Kind], context: JobContext) => Promise<void>
}

/** A job that will not be tried again. `args` is null when what lay in Redis could not be parsed: there is then nothing in Postgres to mark. */
export type DeadJob = {
  readonly [Kind in JobKind]: {
    readonly kind: Kind
    readonly args: JobArgs[Kind] | null
    readonly jobId: string
    readonly attempts: number
    readonly error: unknown
  }
}[JobKind]

export interface JobWorkerOptions {
  readonly redisUrl: string
  /** Before every key in Redis; the same as `openJobs` has. */
  readonly prefix?: string
  /** A queue is taken from when it has a handler. */
  readonly handlers: JobHandlers
  /** Jobs at a time, by kind; 1 where not given. */
  readonly concurrency?: { readonly [Kind in JobKind]?: number }
  /** Records a dead job in Postgres, converging. If it throws, the job stays in Redis and comes back later. */
  readonly onDead: (dead: DeadJob) => Promise<void>
  /** A worker that does not renew its lock for this long is taken for dead. Default 30 s. */
  readonly lockDurationMs?: number
  /** How often dead workers' jobs are looked for. Default 15 s. */
  readonly stalledIntervalMs?: number
  /** After an abort, how long running jobs have before they are left to be recovered. Default 10 s. */
  readonly graceMs?: number
  /** Stops the worker when it aborts. */
  readonly signal: AbortSignal
  readonly logger: Logger
}

/** A running worker over its kinds' queues. */
export interface JobWorker extends AsyncDisposable {
  /** Takes no more jobs, aborts the running ones, waits for them within the grace, closes; never longer than the grace and 2 s. May be called more than once. */
  close(): Promise<void>
  /** Jobs running at this moment. */
  running(): number
}
