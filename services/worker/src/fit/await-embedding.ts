import { type Database, type FitWork, openSlots, recentHorizonMs, slotsToFill } from '@takt/db'
import { lateAfterMs } from '@takt/domain'
import type { Job, Jobs } from '@takt/jobs'
import { workerError } from '../errors.ts'
import { afterMs, labelledStretches } from './labelled-sequences.ts'

/**
 * Has embedded under the head's encoder what was not: the labelled video that it learns from, and the time before it
 * was asked for, which a station that switches to it begins with. A station that changes its encoder catches up here.
 * Throws the retryable `video-not-embedded` until all of it is, or has failed for the last time; what live embedding is
 * at anyway is not waited for.
 */
export async function awaitEmbedding(
  { db, jobs }: { readonly db: Database; readonly jobs: Pick<Jobs, 'addBulk'> },
  work: FitWork,
): Promise<void> {
  const { head, station, encoder, createdAtMs } = work
  const recentFrom = createdAtMs - recentHorizonMs
  const wanted = [...labelledStretches(work), { startUtcMs: recentFrom, endUtcMs: createdAtMs }]
  const opened = await openSlots(db, { station, encoder, stretches: wanted })
  if (opened.length > 0)
    await jobs.addBulk(opened.map((segmentId): Job => ({ kind: 'embed-backfill', args: { segmentId } })))
  const needed = [
    ...labelledStretches(work).map(stretch => ({ ...stretch, endUtcMs: stretch.endUtcMs - afterMs })),
    { startUtcMs: recentFrom, endUtcMs: createdAtMs - lateAfterMs },
  ]
  const segments = await slotsToFill(db, { station, encoder, stretches: needed })
  if (segments > 0) throw workerError('video-not-embedded', { head, segments })
}
