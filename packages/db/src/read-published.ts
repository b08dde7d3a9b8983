import { type ReleaseId, type RunId, type StationId, slotOf, slotStartMs, type UtcMs } from '@takt/domain'
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

async function readRows<Row>(
  sql: pg.Pool | pg.PoolClient,
  table: 'interval_current' | 'cycle_current',
  longestMs: number,
  { station, fromMs, toMs }: Stretch,
): Promise<Row[]> {
  const { rows } = await sql.query<Record<string, unknown>>(
    `select * from ${table} where station_id = $1 and starts_at >= $2 and starts_at < $3 and ends_at > $4
     order by starts_at, id`,
    [station, new Date(fromMs - longestMs), new Date(toMs), new Date(fromMs)],
  )
  return rows.map(
    row => Object.fromEntries(Object.entries(row).map(([name, value]) => [camel(name), plain(value)])) as Row,
  )
}

const camel = (name: string): string => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

const plain = (value: unknown): unknown => (value instanceof Date ? value.getTime() : value)

/** A run with the slots that belong to it: up to the next run's first, or to what the station has completed. */
export interface RunStretch {
  readonly run: RunId
  readonly release: ReleaseId
  readonly fromMs: UtcMs
  readonly toMs: UtcMs
}

/** The run that an instant of a station belongs to; null before its first run and beyond what is complete. */
export async function runAt(db: Database, station: StationId, atMs: UtcMs): Promise<RunStretch | null> {
  const { rows } = await db.pool.query<{
    run: string
    release: string
    fromSlot: bigint
    toSlot: bigint
  }>(
    `select r.id as run, r.release_id as release, r.from_slot as "fromSlot",
       least(c.complete_through, coalesce((select min(from_slot) from run n where n.station_id = $1 and n.from_slot > $2), c.complete_through)) as "toSlot"
     from run r join run_cursor c on c.station_id = r.station_id
     where r.station_id = $1 and r.from_slot <= $2 order by r.from_slot desc, r.id desc limit 1`,
    [station, slotOf(atMs)],
  )
  const row = rows[0]
  if (!row || row.toSlot <= BigInt(slotOf(atMs))) return null
  return {
    run: row.run,
    release: row.release,
    fromMs: slotStartMs(Number(row.fromSlot)),
    toMs: slotStartMs(Number(row.toSlot)),
  }
}
