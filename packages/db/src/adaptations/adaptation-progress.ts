import type { Database } from '../open-database.ts'
import { type AdaptationLease, type LossPoint, leaseMs, type TrainingPlan } from './adaptation.ts'

export interface AdaptationProgress {
  readonly step: number
  readonly losses: readonly LossPoint[]
  readonly trainedMs: number
}

/**
 * Renews a lease and writes down how far training is. `stop`: a person wants it to end; `lost`: it is another's by
 * now, or over, and whatever this holder still does counts for nothing.
 */
export async function renewLease(
  db: Database,
  { adaptation, holder }: AdaptationLease,
  { step, losses, trainedMs }: AdaptationProgress,
): Promise<'held' | 'stop' | 'lost'> {
  const { rows } = await db.pool.query<{ stop: boolean }>(
    `update adaptation set lease_until = now() + $3 * interval '1 ms', step = $4, losses = $5, trained_ms = $6
     where id = $1 and lease_holder = $2 returning stop_requested_at is not null as stop`,
    [adaptation, holder, leaseMs, step, JSON.stringify(losses), Math.round(trainedMs)],
  )
  return rows[0] ? (rows[0].stop ? 'stop' : 'held') : 'lost'
}

/** Settles how a run is laid out, unless that is settled already. */
export async function settlePlan(
  db: Database,
  { adaptation, holder }: AdaptationLease,
  plan: TrainingPlan,
): Promise<void> {
  await db.pool.query(
    `update adaptation set batch = $3, steps_per_call = $4, steps = $5 where id = $1 and lease_holder = $2 and steps is null`,
    [adaptation, holder, plan.batch, plan.stepsPerCall, plan.steps],
  )
}

/** Makes a stored checkpoint the one to go on from. Returns false for a holder whose lease is lost. */
export async function recordCheckpoint(
  db: Database,
  { adaptation, holder }: AdaptationLease,
  step: number,
): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    'update adaptation set checkpoint_step = $3 where id = $1 and lease_holder = $2',
    [adaptation, holder, step],
  )
  return rowCount === 1
}
