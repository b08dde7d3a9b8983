import { type Database, headsToFit } from '@takt/db'
import type { UtcMs } from '@takt/domain'
import type { Job, Jobs } from '@takt/jobs'

/** Heads put back at once; the rest waits for the next sweep. */
const batch = 100

/** Puts heads that wait to be fitted back on the queue, whether Redis lost them or their video was not there yet. */
export async function sweepHeads(
  db: Database,
  jobs: Pick<Jobs, 'addBulk'>,
  { nowMs, afterMs }: { readonly nowMs: UtcMs; readonly afterMs: number },
): Promise<number> {
  const heads = await headsToFit(db, { olderThan: new Date(nowMs - afterMs), limit: batch })
  if (heads.length > 0)
    await jobs.addBulk(heads.map((headId): Job => ({ kind: 'train', args: { kind: 'fit', headId } })))
  return heads.length
}
