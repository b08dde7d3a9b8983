import type { EncoderId, Range, SegmentId, StationId } from '@takt/domain'
import type { Database } from './open-database.ts'

/** Video this recent is looked at when a station switches: the running normalisation settles on it, ms. */
export const recentHorizonMs = 2 * 60_000

/** What of a station's time is to be embedded under an encoder. */
export interface SlotsOf {
  readonly station: StationId
  readonly encoder: EncoderId
  readonly stretches: readonly Range[]
}

/**
 * Makes a pending slot under an encoder for every segment of the stretches that a station's views show and that has
 * none; returns the segments. Doing it again makes only what is missing. A segment belongs to the view revision in
 * force at its start, and the first revision of a view also to what came before, as decoding reads it.
 */
export async function openSlots(db: Pick<Database, 'pool'>, of: SlotsOf): Promise<SegmentId[]> {
  const { rows } = await db.pool.query<{ segment: SegmentId }>(
    `${segmentsOfStretches}, made as (
       insert into embedding (view_revision_id, encoder_id, segment_id)
       select distinct revision, $2::uuid, segment from shown on conflict do nothing returning segment_id
     )
     select distinct segment_id as segment from made`,
    parameters(of),
  )
  return rows.map(row => row.segment)
}

/** How many slots of the stretches are still to be filled. */
export async function slotsToFill(db: Database, of: SlotsOf): Promise<number> {
  const { rows } = await db.pool.query<{ count: bigint }>(
    `${segmentsOfStretches}
     select count(distinct (revision, segment)) as count
     from shown join embedding e on e.view_revision_id = revision and e.segment_id = segment and e.encoder_id = $2
     where e.state in ('pending', 'late')`,
    parameters(of),
  )
  return Number(rows[0]!.count)
}

/** `shown`: each segment that a view of station $1 shows within the stretches [$3, $4), with the view's revision. */
const segmentsOfStretches = `
  with revision as (
    select r.*, lead(r.valid_from) over view as valid_until, row_number() over view = 1 as is_first
    from view_revision r join view v on v.id = r.view_id where v.station_id = $1
    window view as (partition by r.view_id order by r.valid_from, r.id)
  ), shown as (
    select r.id as revision, s.id as segment
    from unnest($3::timestamptz[], $4::timestamptz[]) as stretch (starts_at, ends_at) cross join revision r
      join segment s on s.camera_id = r.camera_id
        and s.starts_at < stretch.ends_at - r.offset_ms * interval '1 ms'
        and s.ends_at > stretch.starts_at - r.offset_ms * interval '1 ms'
        and (r.is_first or s.starts_at >= r.valid_from) and (r.valid_until is null or s.starts_at < r.valid_until)
  )`

const parameters = ({ station, encoder, stretches }: SlotsOf): unknown[] => [
  station,
  encoder,
  stretches.map(stretch => new Date(stretch.startUtcMs)),
  stretches.map(stretch => new Date(stretch.endUtcMs)),
]
