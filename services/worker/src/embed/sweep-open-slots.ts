import { type Database, openSegments } from '@takt/db'
import type { UtcMs } from '@takt/domain'
import type { Job, Jobs } from '@takt/jobs'

/** Segments older than this are history: they give way to what happens now, as does what is embedded anew, ms. */
const liveForMs = 60_000

/** Segments put back at once; the rest waits for the next sweep. */
const batch = 5_000

/**
 * Puts the segments of open slots back on the queue. A job that is there already stays one: so what Redis lost comes
 * back, and nothing is done twice.
 */
export async function sweepOpenSlots(
  db: Database,
  jobs: Pick<Jobs, 'addBulk'>,
  { nowMs, afterMs }: { readonly nowMs: UtcMs; readonly afterMs: number },
): Promise<number> {
  const open = await openSegments(db, { olderThan: new Date(nowMs - afterMs), limit: batch })
  const again = open.map(({ segment, endsAt, embeddedBefore }): Job => {
    const isLive = nowMs - endsAt.getTime() < liveForMs && !embeddedBefore
    return { kind: isLive ? 'embed-live' : 'embed-backfill', args: { segmentId: segment } }
  })
  if (again.length > 0) await jobs.addBulk(again)
  return again.length
}
