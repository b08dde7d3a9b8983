import type { SegmentId } from '@takt/domain'
import type { KeepContext } from './keep-context.ts'

/** Older segments wait behind live ones. */
const liveForMs = 60_000

/** Adds the embedding job of a kept segment, best effort and without waiting: the pending row is what counts, a sweep adds what is missing. */
export function requestEmbedding({ jobs, events, nowMs }: KeepContext, segmentId: SegmentId, endUtcMs: number): void {
  const kind = nowMs() - endUtcMs > liveForMs ? 'embed-backfill' : 'embed-live'
  jobs.add(kind, { segmentId }).catch((error: unknown) => events.jobNotAdded({ segmentId, error }))
}
