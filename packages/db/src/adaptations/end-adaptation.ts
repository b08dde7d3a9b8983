import type { AdaptationId } from '@takt/domain'
import { dbError } from '../errors.ts'
import { inTransaction } from '../in-transaction.ts'
import type { Database } from '../open-database.ts'
import { type AdaptationLease, unheld } from './adaptation.ts'

/** What training made of the parent; its id follows from the adaptation, so that there is only ever one. */
export interface AdaptedEncoder {
  readonly id: string
  readonly name: string
  readonly weightsKey: string
  /** What it has learnt from: stations, the span of their video, steps. */
  readonly learntFrom: object
}

/**
 * Registers the new encoder with its parent's spec and ends the adaptation, both or neither. Returns false for a holder
 * whose lease is lost: the encoder is then another's to register.
 */
export const finishAdaptation = (
  db: Database,
  { adaptation, holder }: AdaptationLease,
  encoder: AdaptedEncoder,
): Promise<boolean> =>
  inTransaction(db, async sql => {
    const held = await sql.query('select from adaptation where id = $1 and lease_holder = $2 for update', [
      adaptation,
      holder,
    ])
    if (held.rowCount !== 1) return false
    await sql.query(
      `insert into encoder (id, name, method, parent_id, spec, weights_key, learnt_from)
       select $2, $3, a.method, a.parent_id, parent.spec, $4, $5
       from adaptation a join encoder parent on parent.id = a.parent_id where a.id = $1
       on conflict (id) do nothing`,
      [adaptation, encoder.id, encoder.name, encoder.weightsKey, encoder.learntFrom],
    )
    await sql.query(
      `update adaptation set state = 'done', encoder_id = $2, lease_holder = null, lease_until = null, error = null,
         finished_at = now() where id = $1`,
      [adaptation, encoder.id],
    )
    return true
  })

/** Ends an adaptation because a person wanted it to; what it has learnt stays in its checkpoint. */
export async function stopAdaptation(db: Database, { adaptation, holder }: AdaptationLease): Promise<void> {
  await db.pool.query(
    `update adaptation set state = 'stopped', lease_holder = null, lease_until = null, finished_at = now()
     where id = $1 and lease_holder = $2`,
    [adaptation, holder],
  )
}

/** Lets go of an adaptation that is not over, so that the next worker need not wait for the lease to end. */
export async function giveBackAdaptation(db: Database, { adaptation, holder }: AdaptationLease): Promise<void> {
  await db.pool.query(
    `update adaptation set state = 'queued', lease_holder = null, lease_until = null
     where id = $1 and lease_holder = $2`,
    [adaptation, holder],
  )
}

/** After the last attempt: says why nothing came of it. Whoever still trains it finds its lease lost. */
export async function recordAdaptationFailed(db: Database, adaptation: AdaptationId, error: string): Promise<void> {
  await db.pool.query(
    `update adaptation set state = 'failed', lease_holder = null, lease_until = null, finished_at = now(), error = $2
     where id = $1 and state in ('queued', 'running')`,
    [adaptation, error],
  )
}

/**
 * Asks for the end of an adaptation. One that nobody trains is stopped at once; one that is trained stops when its
 * worker next says how far it is, within seconds. Asking again changes nothing. Throws `adaptation-unknown`, `adaptation-over`.
 */
export async function requestStop(db: Database, adaptation: AdaptationId): Promise<void> {
  const { rowCount } = await db.pool.query(
    `update adaptation set stop_requested_at = coalesce(stop_requested_at, now()),
       state = case when ${unheld} then 'stopped' else state end,
       finished_at = case when ${unheld} then now() end,
       lease_holder = case when not ${unheld} then lease_holder end,
       lease_until = case when not ${unheld} then lease_until end
     where id = $1 and state in ('queued', 'running')`,
    [adaptation],
  )
  if (rowCount === 1) return
  const row = await db.prisma.adaptation.findUnique({ where: { id: adaptation }, select: { state: true } })
  if (!row) throw dbError('adaptation-unknown', { adaptation })
  if (row.state !== 'stopped') throw dbError('adaptation-over', { adaptation, state: row.state })
}
