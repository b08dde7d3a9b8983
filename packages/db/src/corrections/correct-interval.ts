import { correctTiming } from '@takt/domain'
import type pg from 'pg'
import { inTransaction } from '../in-transaction.ts'
import type { Database } from '../open-database.ts'
import { publish } from '../publish.ts'
import { readInterval, readPublished } from '../read-published.ts'
import type { IntervalRow } from '../timing-rows.ts'
import { type Correction, insertCorrection, requestAround } from './correction-rows.ts'

/** What became of a correction. `stale`: the interval is at another revision; `taken`: another person's decision is there. */
export type CorrectionOutcome =
  | { readonly outcome: 'corrected'; readonly correction: string }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'stale'; readonly revision: number }
  | { readonly outcome: 'taken'; readonly by: string }

/**
 * Publishes a person's decision about an interval, if the interval is still at the revision that they saw, and asks for
 * the stretch to be decoded anew: the decision stands, and neighbours and cycles follow it.
 */
export const correctInterval = (db: Database, correction: Correction, ifRevision: number): Promise<CorrectionOutcome> =>
  inTransaction(db, async sql => {
    const row = await lockInterval(sql, correction.interval)
    if (!row) return { outcome: 'unknown' }
    if (row.revision !== ifRevision) return { outcome: 'stale', revision: row.revision }
    const { next, reason } = correction
    const by = next && (await decidedThere(sql, row, next))
    if (by) return { outcome: 'taken', by }
    const id = await insertCorrection(sql, correction, row)
    await publish(sql, [
      {
        entity: 'interval',
        row: { ...(next ? corrected(row, next) : row), revision: row.revision + 1 },
        kind: next ? 'corrected' : 'tombstone',
        reason,
      },
    ])
    await requestAround(sql, {
      station: row.stationId,
      fromMs: Math.min(row.startsAt, next?.startsAt ?? row.startsAt),
      toMs: Math.max(row.endsAt, next?.endsAt ?? row.endsAt),
      reason: 'corrected',
    })
    return { outcome: 'corrected', correction: id }
  })

/** The interval as nobody else can change it until the transaction ends. */
export async function lockInterval(sql: pg.PoolClient, id: string): Promise<IntervalRow | null> {
  const seen = await readInterval(sql, id)
  if (!seen) return null
  await sql.query('select 1 from run_cursor where station_id = $1 for update', [seen.stationId])
  return readInterval(sql, id)
}

const corrected = (row: IntervalRow, next: NonNullable<Correction['next']>): IntervalRow => {
  const { step, startUtcMs, endUtcMs, ...content } = correctTiming(
    { ...row, step: row.stepId, startUtcMs: row.startsAt, endUtcMs: row.endsAt },
    {
      step: next.stepId,
      startUtcMs: next.startsAt === row.startsAt ? undefined : next.startsAt,
      endUtcMs: next.endsAt === row.endsAt ? undefined : next.endsAt,
    },
  )
  const whole = content.durationMs !== null
  return {
    ...content,
    stepId: step,
    startsAt: startUtcMs,
    endsAt: endUtcMs,
    durationSdMs: whole ? (row.durationSdMs ?? Math.round(Math.hypot(row.startSdMs, row.endSdMs))) : null,
    author: 'person',
  }
}

/** Another person's interval that shares time with the new one. */
async function decidedThere(
  sql: pg.PoolClient,
  row: IntervalRow,
  next: NonNullable<Correction['next']>,
): Promise<string | null> {
  const { intervals } = await readPublished(sql, { station: row.stationId, fromMs: next.startsAt, toMs: next.endsAt })
  return intervals.find(other => other.id !== row.id && other.author === 'person')?.id ?? null
}
