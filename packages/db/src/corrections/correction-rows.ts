import type { IntervalId, PinnedInterval, StationId, StepId, UtcMs } from '@takt/domain'
import type pg from 'pg'
import { longestIntervalMs } from '../listing/overlap.ts'
import type { IntervalRow } from '../timing-rows.ts'

/** What a person decided. */
export interface Correction {
  readonly interval: IntervalId
  /** `null`: nothing happened there. */
  readonly next: (Pick<IntervalRow, 'startsAt' | 'endsAt'> & { readonly stepId: StepId }) | null
  readonly author: string
  readonly reason: string
}

/** Records a decision about a row, and returns its id. */
export async function insertCorrection(
  sql: pg.PoolClient,
  { next, author, reason }: Correction,
  row: IntervalRow,
): Promise<string> {
  const { startsAt, endsAt } = next ?? row
  const { rows } = await sql.query<{ id: string }>(
    `insert into correction (station_id, interval_id, kind, starts_at, ends_at, step_id, revision, replaced, author, reason)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id`,
    [
      row.stationId,
      row.id,
      next ? 'adjusted' : 'removed',
      new Date(startsAt),
      new Date(endsAt),
      next?.stepId ?? null,
      row.revision + 1,
      JSON.stringify(row),
      author,
      reason,
    ],
  )
  return rows[0]!.id
}

/** Asks for a stretch to be decoded anew, so that what is around a decision follows it. */
export const requestAround = (
  sql: pg.PoolClient,
  {
    station,
    fromMs,
    toMs,
    reason,
  }: { readonly station: StationId; readonly fromMs: UtcMs; readonly toMs: UtcMs; readonly reason: string },
) =>
  sql.query('insert into revision_request (station_id, starts_at, ends_at, reason) values ($1, $2, $3, $4)', [
    station,
    new Date(fromMs),
    new Date(toMs),
    reason,
  ])

/** Where people said that nothing happened, as far as it is not withdrawn. */
export async function readRemovals(
  sql: pg.Pool,
  { station, fromMs, toMs }: { readonly station: StationId; readonly fromMs: UtcMs; readonly toMs: UtcMs },
): Promise<PinnedInterval[]> {
  const { rows } = await sql.query<{ startsAt: Date; endsAt: Date }>(
    `select starts_at as "startsAt", ends_at as "endsAt" from correction
     where station_id = $1 and kind = 'removed' and withdrawn_at is null
       and starts_at >= $2 and starts_at < $3 and ends_at > $4`,
    [station, new Date(fromMs - longestIntervalMs), new Date(toMs), new Date(fromMs)],
  )
  return rows.map(row => ({
    id: null,
    step: null,
    startUtcMs: row.startsAt.getTime(),
    endUtcMs: row.endsAt.getTime(),
  }))
}
