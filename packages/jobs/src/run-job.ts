import { toJobFailure } from '@takt/service/errors'
import { DelayedError, type Job as QueuedJob, UnrecoverableError, WaitingError } from 'bullmq'
import { jobError } from './errors.ts'
import type { JobEvents } from './job-events.ts'
import { type JobArgs, type JobKind, jobKindRow, jobOptions } from './job-kinds.ts'
import type { DeadJob, JobHandlers, JobWorkerOptions } from './job-worker-options.ts'
import { parseJobArgs } from './parse-job-args.ts'

/** How long a job waits whose death could not be recorded. */
const recordAgainAfterMs = 30_000

export interface RunJobContext<Kind extends JobKind> {
  readonly kind: Kind
  readonly handler: NonNullable<JobHandlers[Kind]>
  readonly onDead: JobWorkerOptions['onDead']
  /** Takes the job out of Redis without reading it. */
  readonly forget: (jobId: string) => Promise<void>
  readonly events: JobEvents
  /** Aborts with `job-worker-stopping` when the worker stops, with `job-lock-lost` when the job is no longer ours. */
  readonly signal: AbortSignal
}

/**
 * One start of one job, from what lies in Redis to what BullMQ is told: returning completes it; throwing retries it, unless the error
 * is one of BullMQ's own (unrecoverable, delayed, waiting). Nothing in Redis is trusted: options come from the kind's row.
 */
export const runJob = async <Kind extends JobKind>(
  job: QueuedJob,
  token: string,
  context: RunJobContext<Kind>,
): Promise<void> => {
  const { kind, handler, forget, events, signal } = context
  const which = { kind, jobId: String(job.id) }
  job.opts = { ...jobOptions(kind) }
  const { attempts } = jobKindRow(kind)
  const { attemptsMade, stalledCounter: stalls } = job
  const attempt = 1 + attemptsMade + stalls

  let args: JobArgs[Kind] | null = null
  try {
    assertCounters(kind, [attemptsMade, stalls])
    args = parseJobArgs(kind, job.data)
    if (attempt > attempts) throw jobError('job-attempts-exhausted', { ...which, attempts: attempt - 1, stalls })
    signal.throwIfAborted()
    await handler(args, { attempt, lastAttempt: attempt === attempts, signal })
  } catch (error) {
    if (signal.aborted) return giveBack(job, token, which, context)
    const failure = toJobFailure(error)
    if (failure.outcome === 'retryable' && attempt < attempts) {
      events.jobFailed({ ...which, attempt, code: failure.code, error })
      throw error
    }
    await die(job, token, { ...which, args, attempts: Math.min(attempt, attempts) || 1, error } as DeadJob, context)
    // BullMQ could trip over what else such a job holds, and keep it.
    if (args === null) await forget(which.jobId)
    throw new UnrecoverableError(failure.code)
  }
}

/** A job cut short by the worker's end was not at fault: it waits again at once, and no attempt is counted. */
const giveBack = async <Kind extends JobKind>(
  job: QueuedJob,
  token: string,
  which: { readonly kind: Kind; readonly jobId: string },
  { events, signal }: RunJobContext<Kind>,
): Promise<never> => {
  const lost = (signal.reason as { readonly code?: string }).code === 'job-lock-lost'
  if (lost) throw signal.reason
  await job.moveToWait(token)
  events.jobGivenBack(which)
  throw new WaitingError()
}

/** A job leaves Redis only once Postgres knows of its death; until then it comes back. */
const die = async <Kind extends JobKind>(
  job: QueuedJob,
  token: string,
  dead: DeadJob,
  { onDead, events }: RunJobContext<Kind>,
): Promise<void> => {
  const which = { kind: dead.kind, jobId: dead.jobId }
  try {
    await onDead(dead)
  } catch (error) {
    events.deadJobNotRecorded({ ...which, error })
    await job.moveToDelayed(Date.now() + recordAgainAfterMs, token)
    throw new DelayedError()
  }
  events.jobDead({ ...which, attempts: dead.attempts, code: toJobFailure(dead.error).code, error: dead.error })
}

/** BullMQ counts in Redis; what is no count there was put there by someone else, and would stop BullMQ from ending the job. */
const assertCounters = (kind: JobKind, counters: readonly unknown[]): void => {
  const valid = counters.every(value => typeof value === 'number' && Number.isInteger(value) && value >= 0)
  if (!valid) throw jobError('job-args-invalid', { kind, problems: ['its counters are no counts'] })
}
