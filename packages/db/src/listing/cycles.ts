import type { Censoring, CycleAssociation } from '@takt/domain'
import type { Database } from '../open-database.ts'
import { documentTypes } from './instant-text.ts'
import { andAfter, andOverlaps, longestCycleMs, longestIntervalMs, type PageKey, type Window } from './overlap.ts'
import type { Timing } from './timings.ts'
import { listTimings } from './timings.ts'
import { createWhere } from './where.ts'

/** One run of a station's process as it is published, like `Timing`. */
export interface Cycle {
  readonly id: string
  readonly revision: number
  readonly stationId: string
  readonly station: string
  readonly startTime: string
  readonly endTime: string
  readonly durationMs: number | null
  readonly durationSdMs: number | null
  readonly censored: Censoring
  /** What its time went to; `null` where it was recorded before that was told apart. */
  readonly workMs: number | null
  readonly idleMs: number | null
  readonly idleAfterMs: number | null
  readonly unseenMs: number | null
  /** Names of steps, as `StepFlags` of the domain has them. */
  readonly missing: readonly string[]
  readonly repeated: readonly string[]
  readonly interrupted: readonly string[]
  readonly extra: readonly string[]
  readonly misplaced: readonly string[]
  readonly outOfOrder: boolean
  readonly jobOrderId: string | null
  readonly serial: string | null
  readonly variant: string | null
  /** Which rule and event gave the three above, or why they are null; `null` before events were known. */
  readonly association: CycleAssociation | null
  readonly releaseId: string
  readonly encoderId: string
  readonly headId: string
  readonly runId: string
  readonly ordinal: number
}

export const selectCycle = `select i.id, i.revision, i.station_id as "stationId", st.name as station,
  i.starts_at as "startTime", i.ends_at as "endTime", i.duration_ms as "durationMs", i.duration_sd_ms as "durationSdMs",
  i.censored, i.work_ms as "workMs", i.idle_ms as "idleMs", i.idle_after_ms as "idleAfterMs", i.unseen_ms as "unseenMs",
  coalesce(i.missing, '{}') as missing, coalesce(i.repeated, '{}') as repeated,
  coalesce(i.interrupted, '{}') as interrupted, coalesce(i.extra, '{}') as extra,
  coalesce(i.misplaced, '{}') as misplaced, i.out_of_order as "outOfOrder",
  i.job_order_id as "jobOrderId", i.serial, i.variant, i.association, i.release_id as "releaseId", r.encoder_id as "encoderId",
  r.head_id as "headId", i.run_id as "runId", i.ordinal
from cycle_current i
join station st on st.id = i.station_id
join release r on r.id = i.release_id`

export interface CycleFilter extends Window {
  readonly station?: string | undefined
  readonly after?: PageKey | undefined
  readonly limit: number
}

/** Cycles that overlap the window, in the order of start and id. */
export async function listCycles(db: Database, filter: CycleFilter): Promise<Cycle[]> {
  const where = createWhere()
  if (filter.station) where.and(p => `i.station_id = ${p}`, filter.station)
  andOverlaps(where, filter, longestCycleMs)
  andAfter(where, filter.after)
  const text = `${selectCycle} ${where.sql()} order by i.starts_at, i.id limit ${where.parameter(filter.limit)}`
  const { rows } = await db.pool.query<Cycle>({ text, values: [...where.values], types: documentTypes })
  return rows
}

/** The cycle as it stands now, or `null`. */
export async function getCycle(db: Database, id: string): Promise<Cycle | null> {
  const { rows } = await db.pool.query<Cycle>({
    text: `${selectCycle} where i.id = $1`,
    values: [id],
    types: documentTypes,
  })
  return rows[0] ?? null
}

/** At most so many intervals of one cycle are listed with it. */
const mostIntervals = 10_000

/** The intervals of a cycle, in the order of their start. */
export const timingsOfCycle = (db: Database, cycle: Cycle): Promise<Timing[]> =>
  listTimings(db, {
    station: cycle.stationId,
    cycle: cycle.id,
    from: new Date(Date.parse(cycle.startTime) - longestIntervalMs),
    to: new Date(Date.parse(cycle.endTime) + longestIntervalMs),
    limit: mostIntervals,
  })
