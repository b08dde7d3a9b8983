import { adaptationsToRun, type Database } from '@takt/db'
import type { UtcMs } from '@takt/domain'
import type { Job, Jobs } from '@takt/jobs'

/** Adaptations put back at once; the rest waits for the next sweep. */
const batch = 100

/** Puts adaptations that nobody trains back on the queue, whether Redis lost them or their worker died. */
export async function sweepAdaptations(
  db: Database,
  jobs: Pick<Jobs, 'addBulk'>,
  { nowMs, afterMs }: { readonly nowMs: UtcMs; readonly afterMs: number },
): Promise<number> {
  const adaptations = await adaptationsToRun(db, { olderThan: new Date(nowMs - afterMs), limit: batch })
  if (adaptations.length > 0)
    await jobs.addBulk(adaptations.map((adaptationId): Job => ({ kind: 'adapt', args: { adaptationId } })))
  return adaptations.length
}
