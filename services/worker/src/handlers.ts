import {
  buryMissing,
  type Database,
  recordAdaptationFailed,
  recordAttempt,
  recordDeadJob,
  recordFitFailed,
} from '@takt/db'
import { recordDiscoveryFailed } from '@takt/db/discoveries'
import type { DeadJob, JobArgs, JobContext, JobHandlers, JobKind } from '@takt/jobs'
import { hasCode } from '@takt/service/errors'
import { type AdaptContext, adaptEncoder } from './adapt/adapt-encoder.ts'
import { type DiscoverContext, discoverStation } from './discover/discover-station.ts'
import { type EmbedContext, embedLiveSegment, embedSegment } from './embed/embed-segment.ts'
import type { workerEvents } from './events.ts'
import { type FitContext, fitStationHead } from './fit/fit-station-head.ts'
import type { WorkerMetrics } from './metrics.ts'

export interface HandlerContext {
  readonly embed: EmbedContext
  readonly fit: FitContext
  readonly adapt: AdaptContext
  readonly discover: DiscoverContext
  readonly events: ReturnType<typeof workerEvents>
  readonly metrics: WorkerMetrics
}

/** What a worker does with each kind of job. The queue tells of failures; here they are counted and written down. */
export function createHandlers({ embed, fit, adapt, discover, events, metrics }: HandlerContext): JobHandlers {
  const embedJob =
    (kind: 'embed-live' | 'embed-backfill', embedIt: typeof embedSegment) =>
    async ({ segmentId }: { readonly segmentId: string }, job: JobContext): Promise<void> => {
      const seconds = stopwatch()
      try {
        const slots = await embedIt(embed, segmentId, job.signal)
        metrics.jobSeconds.observe({ kind, outcome: 'done' }, seconds())
        metrics.embeddings.inc(slots)
        events.segmentEmbedded({ segment: segmentId, slots, seconds: seconds() })
      } catch (error) {
        metrics.jobSeconds.observe({ kind, outcome: job.signal.aborted ? 'stopped' : 'failed' }, seconds())
        // A job that goes back to its queue because the worker stops has not failed.
        if (!job.signal.aborted) await recordAttempt(embed.db, segmentId, messageOf(error))
        throw error
      }
    }
  return {
    'embed-live': embedJob('embed-live', embedLiveSegment),
    'embed-backfill': embedJob('embed-backfill', embedSegment),
    train: async ({ headId }, job) => {
      const seconds = stopwatch()
      try {
        await fitStationHead(fit, headId, { signal: job.signal, nowMs: Date.now() })
        metrics.jobSeconds.observe({ kind: 'fit', outcome: 'done' }, seconds())
        events.headFitted({ head: headId, seconds: seconds() })
      } catch (error) {
        // Waiting is no failure: the job ends, the head stays as it is, and the sweep brings it back.
        const waits = hasCode(error, 'video-not-settled') || hasCode(error, 'video-not-embedded')
        const outcome = waits ? 'waiting' : job.signal.aborted ? 'stopped' : 'failed'
        metrics.jobSeconds.observe({ kind: 'fit', outcome }, seconds())
        if (!waits) throw error
        events.headWaits({ head: headId, error })
      }
    },
    adapt: async ({ adaptationId }, job) => {
      const seconds = stopwatch()
      try {
        const result = await adaptEncoder(adapt, adaptationId, job.signal)
        // What another worker trains is waited for, as what is over is not.
        const outcome = result.outcome === 'elsewhere' ? 'waiting' : result.outcome
        metrics.jobSeconds.observe({ kind: 'adapt', outcome }, seconds())
        if (result.outcome === 'done')
          events.encoderAdapted({ adaptation: adaptationId, ...result, seconds: seconds() })
        if (result.outcome === 'stopped') events.adaptationStopped({ adaptation: adaptationId })
      } catch (error) {
        metrics.jobSeconds.observe({ kind: 'adapt', outcome: job.signal.aborted ? 'stopped' : 'failed' }, seconds())
        throw error
      }
    },
    discover: async ({ discoveryId }, job) => {
      const seconds = stopwatch()
      try {
        await discoverStation(discover, discoveryId, { signal: job.signal, nowMs: Date.now() })
        metrics.jobSeconds.observe({ kind: 'discover', outcome: 'done' }, seconds())
      } catch (error) {
        metrics.jobSeconds.observe({ kind: 'discover', outcome: job.signal.aborted ? 'stopped' : 'failed' }, seconds())
        throw error
      }
    },
  }
}

type Death<Kind extends JobKind> = { readonly args: JobArgs[Kind]; readonly error: string }

/** Where people look for what a job was for, by its kind. */
const burials: { readonly [Kind in JobKind]: (db: Database, death: Death<Kind>) => Promise<unknown> } = {
  'embed-live': (db, { args, error }) => buryMissing(db, args.segmentId, error),
  'embed-backfill': (db, { args, error }) => buryMissing(db, args.segmentId, error),
  train: (db, { args, error }) => recordFitFailed(db, args.headId, error),
  adapt: (db, { args, error }) => recordAdaptationFailed(db, args.adaptationId, error),
  discover: (db, { args, error }) => recordDiscoveryFailed(db, args.discoveryId, error),
}

/**
 * Writes a job's death where people look: on what it was for, and in the list of dead jobs.
 * When it throws, the job comes back and is buried again.
 */
export function createUndertaker(db: Database, metrics: Pick<WorkerMetrics, 'dead'>): (dead: DeadJob) => Promise<void> {
  return async dead => {
    const error = messageOf(dead.error)
    if (dead.args) {
      const bury = burials[dead.kind] as (db: Database, death: Death<JobKind>) => Promise<unknown>
      await bury(db, { args: dead.args, error })
    }
    await recordDeadJob(db, { queue: dead.kind, kind: dead.kind, args: dead.args, error })
    metrics.dead.inc({ kind: dead.kind })
  }
}

function stopwatch(): () => number {
  const startedMs = performance.now()
  return () => (performance.now() - startedMs) / 1000
}

/** Rows are read by people: the rest is in the log. */
const longestMessage = 2000
const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, longestMessage)
