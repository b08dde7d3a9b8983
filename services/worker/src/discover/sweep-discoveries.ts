import type { Database } from '@takt/db'
import { discoveriesToRun } from '@takt/db/discoveries'
import type { UtcMs } from '@takt/domain'
import type { Job, Jobs } from '@takt/jobs'

/** Discoveries put back at once; the rest waits for the next sweep. */
const batch = 100

/** Puts discoveries that nobody has made back on the queue. */
export async function sweepDiscoveries(
  db: Database,
  jobs: Pick<Jobs, 'addBulk'>,
  { nowMs, afterMs }: { readonly nowMs: UtcMs; readonly afterMs: number },
): Promise<number> {
  const discoveries = await discoveriesToRun(db, { olderThan: new Date(nowMs - afterMs), limit: batch })
  if (discoveries.length > 0)
    await jobs.addBulk(discoveries.map((discoveryId): Job => ({ kind: 'discover', args: { discoveryId } })))
  return discoveries.length
}
