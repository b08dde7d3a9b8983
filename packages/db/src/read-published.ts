import {
  type Range,
  type ReleaseId,
  type RunId,
  type StationId,
  slotOf,
  slotStartMs,
  stepMs,
  type UtcMs,
} from '@takt/domain'
import type pg from 'pg'
import { longestCycleMs, longestIntervalMs } from './listing/overlap.ts'
import type { Database } from './open-database.ts'
import type { CycleRow, IntervalRow } from './timing-rows.ts'

/** What is published of a stretch of a station's time. */
export interface PublishedStretch {
  readonly intervals: readonly IntervalRow[]
  readonly cycles: readonly CycleRow[]
}

interface Stretch {
  readonly station: StationId
  readonly fromMs: UtcMs
  readonly toMs: UtcMs
}

/** The current intervals and cycles that overlap `[fromMs, toMs)`, in the order of their start. */
export async function readPublished(sql: pg.Pool | pg.PoolClient, stretch: Stretch): Promise<PublishedStretch> {
  return {
    intervals: await readRows<IntervalRow>(sql, 'interval_current', longestIntervalMs, stretch),
    cycles: await readRows<CycleRow>(sql, 'cycle_current', longestCycleMs, stretch),
  }
}

/** A page of the current cycles that overlap a stretch, after one of the page before. */
export const readCycles = (
  sql: pg.PoolClient,
  { after, limit, ...stretch }: Stretch & { readonly after: CycleRow | undefined; readonly limit: number },
): Promise<CycleRow[]> => readRows<CycleRow>(sql, 'cycle_current', longestCycleMs, stretch, { after, limit })

async function readRows<Row>(
  sql: pg.Pool | pg.PoolClient,
  table: 'interval_current' | 'cycle_current',
  longestMs: number,
  { station, fromMs, toMs }: Stretch,
  page?: { readonly after: CycleRow | undefined; readonly limit: number },
): Promise<Row[]> {
  const { rows } = await sql.query<Record<string, unknown>>(
    `select * from ${table} where station_id = $1 and starts_at >= $2 and starts_at < $3 and ends_at > $4
       and ($5::timestamptz is null or (starts_at, id) > ($5, $6::uuid))
     order by starts_at, id limit $7`,
    [
      station,
      new Date(fromMs - longestMs),
      new Date(toMs),
      new Date(fromMs),
      page?.after ? new Date(page.after.startsAt) : null,
      page?.after?.id ?? null,
      page?.limit ?? null,
    ],
  )
  return rows.map(toRow<Row>)
}

/** An interval as it stands now, or `null`. */
export async function readInterval(sql: pg.PoolClient, id: string): Promise<IntervalRow | null> {
  const { rows } = await sql.query<Record<string, unknown>>('select * from interval_current where id = $1', [id])
  return rows[0] ? toRow<IntervalRow>(rows[0]) : null
}

const toRow = <Row>(row: Record<string, unknown>): Row =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [camel(name), plain(value)])) as Row

const camel = (name: string): string => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

const plain = (value: unknown): unknown => (value instanceof Date ? value.getTime() : value)

/** A run with the slots that belong to it: up to the next run's first, or to what the station has completed. */
export interface RunStretch {
  readonly run: RunId
  readonly release: ReleaseId
  readonly fromMs: UtcMs
  readonly toMs: UtcMs
}

/** The runs of a station that decoded some of a range, in order. What no run has completed belongs to none. */
export async function runsWithin(db: Database, station: StationId, range: Range): Promise<RunStretch[]> {
  const { rows } = await db.pool.query<{ run: RunId; release: ReleaseId; fromSlot: bigint; toSlot: bigint }>(
    `select * from (
       select r.id as run, r.release_id as release, r.from_slot as "fromSlot",
         least(c.complete_through, coalesce(lead(r.from_slot) over (order by r.from_slot, r.id), c.complete_through)) as "toSlot"
       from run r join run_cursor c on c.station_id = r.station_id where r.station_id = $1
     ) stretch
     where "fromSlot" < "toSlot" and "fromSlot" < $3 and "toSlot" > $2 order by "fromSlot"`,
    [station, slotOf(range.startUtcMs), Math.ceil(range.endUtcMs / stepMs)],
  )
  return rows.map(({ run, release, fromSlot, toSlot }) => ({
    run,
    release,
    fromMs: slotStartMs(Number(fromSlot)),
    toMs: slotStartMs(Number(toSlot)),
  }))
}
