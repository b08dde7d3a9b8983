import type { AdaptationId } from '@takt/domain'
import type { Database } from '../open-database.ts'
import { type AdaptationLease, type AdaptationWork, type LossPoint, leaseMs, unheld } from './adaptation.ts'

/**
 * Takes an adaptation for the lease's holder, or gives null: another one has it, it is over, or it was asked to stop,
 * which it then is. Of several that try at once, one has it.
 */
export async function claimAdaptation(
  db: Database,
  { adaptation, holder }: AdaptationLease,
): Promise<AdaptationWork | null> {
  const { rowCount } = await db.pool.query(
    `with asked as (
       update adaptation set state = 'stopped', lease_holder = null, lease_until = null, finished_at = now()
       where id = $1 and state in ('queued', 'running') and stop_requested_at is not null and ${unheld}
     )
     update adaptation set state = 'running', lease_holder = $2, lease_until = now() + $3 * interval '1 ms',
       attempts = attempts + 1, started_at = coalesce(started_at, now())
     where id = $1 and state in ('queued', 'running') and stop_requested_at is null and ${unheld}`,
    [adaptation, holder, leaseMs],
  )
  if (rowCount !== 1) return null
  const row = await db.prisma.adaptation.findUniqueOrThrow({ where: { id: adaptation }, include: { parent: true } })
  const { batch, stepsPerCall, steps } = row
  return {
    id: row.id,
    method: row.method,
    parent: {
      id: row.parentId,
      name: row.parent.name,
      spec: row.parent.spec,
      weightsKey: row.parent.weightsKey,
    },
    stations: row.stationIds,
    budgetMs: row.budgetMs,
    seed: row.seed,
    plan: batch !== null && stepsPerCall !== null && steps !== null ? { batch, stepsPerCall, steps } : null,
    checkpointStep: row.checkpointStep,
    losses: row.losses as unknown as readonly LossPoint[],
    trainedMs: row.trainedMs,
    startedAtMs: row.startedAt!.getTime(),
  }
}

/** Adaptations that nobody trains and that have waited since before `olderThan`: what the sweep puts back on the queue. */
export async function adaptationsToRun(
  db: Database,
  { olderThan, limit }: { readonly olderThan: Date; readonly limit: number },
): Promise<AdaptationId[]> {
  const { rows } = await db.pool.query<{ id: AdaptationId }>(
    `select id from adaptation
     where state in ('queued', 'running') and ${unheld} and created_at < $1
     order by created_at limit $2`,
    [olderThan, limit],
  )
  return rows.map(row => row.id)
}
