import { type Database, type FitWork, openSlots, recentHorizonMs, slotsToFill } from '@takt/db'
import type { Job, Jobs } from '@takt/jobs'
import { workerError } from '../errors.ts'
import { labelledStretches } from './labelled-sequences.ts'

/**
 * Has embedded under the head's encoder what was not: the labelled video that it learns from, and the time before it
 * was asked for, which a station that switches to it begins with. A station that changes its encoder catches up here.
 * Throws the retryable `video-not-embedded` until all of it is, or has failed for the last time.
 */
export async function awaitEmbedding(
  { db, jobs }: { readonly db: Database; readonly jobs: Pick<Jobs, 'addBulk'> },
  work: FitWork,
): Promise<void> {
  const { head, station, encoder, createdAtMs } = work
  const recent = { startUtcMs: createdAtMs - recentHorizonMs, endUtcMs: createdAtMs }
  const of = { station, encoder, stretches: [...labelledStretches(work), recent] }
  const opened = await openSlots(db, of)
  if (opened.length > 0)
    await jobs.addBulk(opened.map((segmentId): Job => ({ kind: 'embed-backfill', args: { segmentId } })))
  const segments = await slotsToFill(db, of)
  if (segments > 0) throw workerError('video-not-embedded', { head, segments })
}
