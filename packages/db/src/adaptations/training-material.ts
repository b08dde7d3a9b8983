import type { EncoderId, SegmentId, StationId, UtcMs, ViewRevisionId } from '@takt/domain'
import type { Rectangle } from '../embeddings.ts'
import type { Database } from '../open-database.ts'

/** A segment as one view sees it: what an encoder may learn from. */
export interface MaterialSegment {
  readonly segment: SegmentId
  readonly viewRevision: ViewRevisionId
  readonly objectKey: string
  readonly mediaStartSeconds: number
  readonly durationSeconds: number
  readonly startUtcMs: UtcMs
  readonly endUtcMs: UtcMs
  readonly crop: Rectangle | null
  readonly masks: readonly Rectangle[]
}

interface Row {
  readonly segment: SegmentId
  readonly viewRevision: ViewRevisionId
  readonly objectKey: string
  readonly mediaStartTicks: bigint
  readonly durationTicks: bigint
  readonly timescale: number
  readonly startsAt: Date
  readonly endsAt: Date
  readonly crop: Rectangle | null
  readonly masks: readonly Rectangle[]
}

/** A slot that was filled this long ago is in the truth: no transaction that fills it is still on its way, ms. */
const settledForMs = 5_000

/**
 * The video of stations (of all, where none is named) that was embedded under `encoder` before an instant, and so is
 * observed, decodable and seen by a view that looked through its camera then. Of a long day, `perView` segments of each
 * view, evenly spread. The same query brings the same segments, whatever is embedded meanwhile: a run that goes on
 * elsewhere learns from the same. Labels are not asked for.
 */
export async function trainingMaterial(
  db: Database,
  query: {
    readonly encoder: EncoderId
    readonly stations: readonly StationId[]
    readonly embeddedBeforeMs: UtcMs
    /** How far back video is looked for, ms. */
    readonly windowMs: number
    readonly perView: number
  },
): Promise<MaterialSegment[]> {
  const before = query.embeddedBeforeMs - settledForMs
  const { rows } = await db.pool.query<Row>(
    `with seen as (
       select e.segment_id, e.view_revision_id, s.starts_at,
         row_number() over view as n, count(*) over (partition by r.view_id) as of_view
       from view v join view_revision r on r.view_id = v.id
       join segment s on s.camera_id = r.camera_id and s.starts_at >= $3 and s.starts_at < $4
       join embedding e on e.segment_id = s.id and e.view_revision_id = r.id and e.encoder_id = $1
       where (cardinality($2::uuid[]) = 0 or v.station_id = any($2::uuid[]))
         and e.state = 'embedded' and e.embedded_at < $4
       window view as (partition by r.view_id order by s.starts_at desc, s.id)
     )
     select s.id as segment, seen.view_revision_id as "viewRevision", s.object_key as "objectKey",
       s.media_start_ticks as "mediaStartTicks", s.duration_ticks as "durationTicks", s.timescale,
       s.starts_at as "startsAt", s.ends_at as "endsAt", r.crop, r.masks
     from seen join segment s on s.id = seen.segment_id join view_revision r on r.id = seen.view_revision_id
     where (seen.n - 1) % ceil(seen.of_view / $5::numeric)::bigint = 0
     order by s.starts_at, s.id, seen.view_revision_id`,
    [query.encoder, query.stations, new Date(before - query.windowMs), new Date(before), query.perView],
  )
  return rows.map(({ mediaStartTicks, durationTicks, timescale, startsAt, endsAt, ...row }) => ({
    ...row,
    mediaStartSeconds: Number(mediaStartTicks) / timescale,
    durationSeconds: Number(durationTicks) / timescale,
    startUtcMs: startsAt.getTime(),
    endUtcMs: endsAt.getTime(),
  }))
}
