import { buryMissing, type Database, recordAttempt, recordDeadJob, recordFitFailed } from '@takt/db'
import type { DeadJob, JobContext, JobHandlers } from '@takt/jobs'
import { type EmbedContext, embedSegment } from './embed/embed-segment.ts'
import type { workerEvents } from './events.ts'
import { type FitContext, fitStationHead } from './fit/fit-station-head.ts'
import type { WorkerMetrics } from './metrics.ts'

export interface HandlerContext {
  readonly embed: EmbedContext
  readonly fit: FitContext
  readonly events: ReturnType<typeof workerEvents>
  readonly metrics: WorkerMetrics
}

/** What a worker does with each kind of job. */
export function createHandlers({ embed, fit, events, metrics }: HandlerContext): JobHandlers {
  const embedJob =
    (kind: 'embed-live' | 'embed-backfill') =>
    async ({ segmentId }: { readonly segmentId: string }, job: JobContext) => {
      const startedMs = performance.now()
      const seconds = () => (performance.now() - startedMs) / 1000
      try {
        const slots = await embedSegment(embed, segmentId, job.signal)
        metrics.jobSeconds.observe({ kind, outcome: 'done' }, seconds())
        metrics.embeddings.inc(slots)
        events.segmentEmbedded({ segment: segmentId, slots, seconds: seconds() })
      } catch (error) {
        metrics.jobSeconds.observe({ kind, outcome: 'failed' }, seconds())
        events.attemptFailed({ kind, id: segmentId, attempt: job.attempt, error })
        await recordAttempt(embed.db, segmentId, messageOf(error))
        throw error
      }
    }
  return {
    'embed-live': embedJob('embed-live'),
    'embed-backfill': embedJob('embed-backfill'),
    train: async ({ headId }, job) => {
      const startedMs = performance.now()
      const seconds = () => (performance.now() - startedMs) / 1000
      try {
        await fitStationHead(fit, headId, { signal: job.signal, nowMs: Date.now() })
        metrics.jobSeconds.observe({ kind: 'fit', outcome: 'done' }, seconds())
        events.headFitted({ head: headId, seconds: seconds() })
      } catch (error) {
        metrics.jobSeconds.observe({ kind: 'fit', outcome: 'failed' }, seconds())
        events.attemptFailed({ kind: 'fit', id: headId, attempt: job.attempt, error })
        throw error
      }
    },
  }
}

/** Writes a job's death where people look: on the slots or the head that it was for, and in the list of dead jobs. */
export function createUndertaker(
  db: Database,
  { events, metrics }: Pick<HandlerContext, 'events' | 'metrics'>,
): (dead: DeadJob) => Promise<void> {
  return async dead => {
    const error = messageOf(dead.error)
    if (dead.kind === 'train') {
      if (dead.args) await recordFitFailed(db, dead.args.headId, error)
    } else if (dead.args) await buryMissing(db, dead.args.segmentId, error)
    await recordDeadJob(db, { queue: dead.kind, kind: dead.kind, args: dead.args, error })
    metrics.dead.inc({ kind: dead.kind })
    events.jobDead({ kind: dead.kind, id: dead.jobId, attempts: dead.attempts, error: dead.error })
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 2000)
