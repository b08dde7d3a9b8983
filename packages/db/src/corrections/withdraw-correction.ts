import { inTransaction } from '../in-transaction.ts'
import type { Database } from '../open-database.ts'
import { publish } from '../publish.ts'
import type { IntervalRow } from '../timing-rows.ts'
import { lockInterval } from './correct-interval.ts'
import { requestAround } from './correction-rows.ts'

/** What became of a withdrawal. `superseded`: a later correction of the same interval has to be withdrawn first. */
export type WithdrawalOutcome =
  | { readonly outcome: 'withdrawn' | 'unknown' | 'withdrawn-before' }
  | { readonly outcome: 'superseded'; readonly by: string }

/**
 * Takes a decision back: the interval is again what it was before, and the stretch is decoded anew, so that a removed
 * one is found again where it still would be. Withdrawn twice is withdrawn once.
 */
export const withdrawCorrection = (
  db: Database,
  { id, author, reason }: { readonly id: string; readonly author: string; readonly reason: string },
): Promise<WithdrawalOutcome> =>
  inTransaction(db, async sql => {
    const { rows } = await sql.query<{
      station: string
      interval: string
      startsAt: Date
      endsAt: Date
      replaced: IntervalRow
      withdrawn: boolean
      later: string | null
    }>(
      `select c.station_id as station, c.interval_id as interval, c.starts_at as "startsAt", c.ends_at as "endsAt",
         c.replaced, c.withdrawn_at is not null as withdrawn,
         (select l.id from correction l where l.interval_id = c.interval_id and l.withdrawn_at is null and l.id > c.id
          order by l.id desc limit 1) as later
       from correction c where c.id = $1 for update of c`,
      [id],
    )
    const correction = rows[0]
    if (!correction) return { outcome: 'unknown' }
    if (correction.withdrawn) return { outcome: 'withdrawn-before' }
    if (correction.later) return { outcome: 'superseded', by: correction.later }
    const { replaced } = correction
    await sql.query(
      'update correction set withdrawn_at = now(), withdrawn_by = $2, withdrawn_reason = $3 where id = $1',
      [id, author, reason],
    )
    const row = await lockInterval(sql, correction.interval)
    if (row)
      await publish(sql, [
        {
          entity: 'interval',
          row: { ...replaced, cycleId: row.cycleId, revision: row.revision + 1 },
          kind: 'revised',
          reason: `correction withdrawn: ${reason}`,
        },
      ])
    await requestAround(sql, {
      station: correction.station,
      fromMs: Math.min(correction.startsAt.getTime(), replaced.startsAt),
      toMs: Math.max(correction.endsAt.getTime(), replaced.endsAt),
      reason: 'correction withdrawn',
    })
    return { outcome: 'withdrawn' }
  })
