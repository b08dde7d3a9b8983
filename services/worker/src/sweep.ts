import { adaptationsToRun, type Database, headsToFit, openSegments } from '@takt/db'
import { discoveriesToRun } from '@takt/db/discoveries'
import type { UtcMs } from '@takt/domain'
import type { Job, Jobs } from '@takt/jobs'

/** What waits in Postgres; `fit` also waits for its video, `adapt` and `discover` also for a worker that died. */
export type Swept = 'embed' | 'fit' | 'adapt' | 'discover'

interface Age {
  readonly nowMs: UtcMs
  /** What is younger is still on its way. */
  readonly afterMs: number
}

/** Segments older than this are history: they give way to what happens now, as does what is embedded anew, ms. */
const liveForMs = 60_000

/** The jobs of what waits, of each kind a bounded number at once: the rest waits for the next sweep. */
const waiting: Readonly<Record<Swept, (db: Database, olderThan: Date, nowMs: UtcMs) => Promise<readonly Job[]>>> = {
  embed: async (db, olderThan, nowMs) =>
    (await openSegments(db, { olderThan, limit: 5_000 })).map(({ segment, endsAt, embeddedBefore }): Job => {
      const isLive = nowMs - endsAt.getTime() < liveForMs && !embeddedBefore
      return { kind: isLive ? 'embed-live' : 'embed-backfill', args: { segmentId: segment } }
    }),
  fit: async (db, olderThan) =>
    (await headsToFit(db, { olderThan, limit: 100 })).map(headId => ({ kind: 'train', args: { kind: 'fit', headId } })),
  adapt: async (db, olderThan) =>
    (await adaptationsToRun(db, { olderThan, limit: 100 })).map(adaptationId => ({
      kind: 'adapt',
      args: { adaptationId },
    })),
  discover: async (db, olderThan) =>
    (await discoveriesToRun(db, { olderThan, limit: 100 })).map(discoveryId => ({
      kind: 'discover',
      args: { discoveryId },
    })),
}

/**
 * Puts what waits back on the queue. A job that is there already stays one: so what Redis lost comes back, and nothing
 * is done twice. Gives how many there were of each kind.
 */
export async function sweep(
  db: Database,
  jobs: Pick<Jobs, 'addBulk'>,
  { nowMs, afterMs }: Age,
): Promise<Readonly<Record<Swept, number>>> {
  const swept = { embed: 0, fit: 0, adapt: 0, discover: 0 }
  for (const kind of Object.keys(swept) as Swept[]) {
    const again = await waiting[kind](db, new Date(nowMs - afterMs), nowMs)
    if (again.length > 0) await jobs.addBulk(again)
    swept[kind] = again.length
  }
  return swept
}
