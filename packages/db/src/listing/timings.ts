import type { Censoring, DurationSource, Evidence, IntervalMotion } from '@takt/domain'
import type { Database } from '../open-database.ts'
import { documentTypes } from './instant-text.ts'
import { andAfter, andOverlaps, longestIntervalMs, type PageKey, type Window } from './overlap.ts'
import { createWhere } from './where.ts'

/**
 * One occurrence of a step as it is published: by the listing, and as the `body` of a revision in the feed of changes.
 * Instants are RFC 3339 UTC with milliseconds; `…SdMs` are standard deviations, `absoluteErrorMs` a half-width.
 */
export interface Timing {
  readonly id: string
  readonly revision: number
  readonly stationId: string
  readonly station: string
  readonly stepId: string
  readonly step: string
  readonly stepExternalId: string | null
  readonly level: 'task' | 'motion'
  /** The task that a motion is a part of; `null` for a task. */
  readonly parentStep: string | null
  readonly cycleId: string | null
  readonly startTime: string
  readonly endTime: string
  /** `null` where the interval is censored, since a gap is never a duration, or its evidence weak. */
  readonly durationMs: number | null
  readonly durationSdMs: number | null
  readonly durationSource: DurationSource | null
  readonly startSdMs: number
  readonly endSdMs: number
  readonly absoluteErrorMs: number
  readonly confidence: number
  readonly censored: Censoring
  readonly evidence: Evidence
  /** What a task is made of; `null` where that is not told apart. */
  readonly motions: TimedMotion[] | null
  /** What its motions leave of its duration; `null` where there are none told apart. */
  readonly restMs: number | null
  readonly author: 'machine' | 'person'
  readonly releaseId: string
  readonly encoderId: string
  readonly headId: string
  readonly processVersionId: string
  readonly runId: string
  readonly ordinal: number
}

/** A motion inside of a task; with all others and the rest it adds up to the task's duration. */
export type TimedMotion = IntervalMotion & { readonly durationMs: number }

/** Of the motions of a row: as they are published, and what they leave of its duration. */
const motionsOf = `(select jsonb_agg(m || jsonb_build_object('durationMs', (m->>'endMs')::int - (m->>'startMs')::int) order by n)
    from jsonb_array_elements(i.motions) with ordinality parts (m, n))`
const restOf = `(select sum((m->>'endMs')::int - (m->>'startMs')::int)::int from jsonb_array_elements(i.motions) m)`

/** Selects rows that are `Timing`s as they come. */
export const selectTiming = `select i.id, i.revision, i.station_id as "stationId", st.name as station,
  i.step_id as "stepId", s.name as step, s.external_id as "stepExternalId",
  s.level, parent.name as "parentStep", i.cycle_id as "cycleId",
  i.starts_at as "startTime", i.ends_at as "endTime", i.duration_ms as "durationMs", i.duration_sd_ms as "durationSdMs",
  i.duration_source as "durationSource", i.start_sd_ms as "startSdMs", i.end_sd_ms as "endSdMs",
  i.absolute_error_ms as "absoluteErrorMs", i.confidence, i.censored, i.evidence,
  case when i.motions is not null then coalesce(${motionsOf}, '[]') end as motions,
  case when i.motions is not null then i.duration_ms - coalesce(${restOf}, 0) end as "restMs",
  i.author, i.release_id as "releaseId",
  r.encoder_id as "encoderId", r.head_id as "headId", s.process_version_id as "processVersionId",
  i.run_id as "runId", i.ordinal
from interval_current i
join step s on s.id = i.step_id
left join step parent on parent.id = s.parent_id
join station st on st.id = i.station_id
join release r on r.id = i.release_id`

export interface TimingFilter extends Window {
  readonly station?: string | undefined
  /** A step's name. */
  readonly step?: string | undefined
  readonly cycle?: string | undefined
  readonly after?: PageKey | undefined
  readonly limit: number
}

/** Timings that overlap the window, in the order of start and id; the order stands still while nothing is revised. */
export async function listTimings(db: Database, filter: TimingFilter): Promise<Timing[]> {
  const where = createWhere()
  if (filter.station) where.and(p => `i.station_id = ${p}`, filter.station)
  if (filter.step !== undefined) where.and(p => `s.name = ${p}`, filter.step)
  if (filter.cycle) where.and(p => `i.cycle_id = ${p}`, filter.cycle)
  andOverlaps(where, filter, longestIntervalMs)
  andAfter(where, filter.after)
  const text = `${selectTiming} ${where.sql()} order by i.starts_at, i.id limit ${where.parameter(filter.limit)}`
  const { rows } = await db.pool.query<Timing>({ text, values: [...where.values], types: documentTypes })
  return rows
}

/** The timing as it stands now, or `null` where it never was or has been removed. */
export async function getTiming(db: Database, id: string): Promise<Timing | null> {
  const { rows } = await db.pool.query<Timing>({
    text: `${selectTiming} where i.id = $1`,
    values: [id],
    types: documentTypes,
  })
  return rows[0] ?? null
}
