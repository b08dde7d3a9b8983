import {
  type ChainLink,
  type ClockSource,
  type EmbeddedSpan,
  type EncoderId,
  type StationId,
  stepsOfSegment,
  type UtcMs,
  type ViewId,
  type ViewRevisionId,
} from '@takt/domain'
import { dbError } from './errors.ts'
import type { Database } from './open-database.ts'

/** A link of a view's chain, with the embedding behind it where there is one. */
export type StationLink = ChainLink & {
  readonly viewRevision: ViewRevisionId
  readonly absoluteErrorMs: number
  /** Present when the slot is embedded. */
  readonly span?: EmbeddedSpan & { readonly objectKey: string }
}

/**
 * One view of a station over a stretch of time, as decoding under one encoder sees it. Times are the camera's; the
 * station's are `offsetMs` later.
 */
export interface ViewChain {
  readonly view: ViewId
  readonly required: boolean
  readonly offsetMs: number
  readonly links: readonly StationLink[]
}

interface Row {
  readonly view: ViewId
  readonly required: boolean
  readonly offsetMs: number
  readonly viewRevision: ViewRevisionId | null
  readonly startsAt: Date | null
  readonly endsAt: Date
  readonly segment: string | null
  readonly session: string
  readonly state: 'pending' | 'embedded' | 'late' | 'dead' | null
  readonly pendingSince: Date
  readonly objectKey: string | null
  readonly mediaStartTicks: bigint
  readonly durationTicks: bigint
  readonly timescale: number
  readonly absoluteErrorMs: number | null
  readonly clockSource: ClockSource
}

/**
 * The chains of a station's views that overlap `[fromMs, toMs)` of the station's time, in time order. A link belongs to the view revision
 * in force at its start; where a revision moves a view to another camera, or a camera's chain begins, the hole between
 * is a lost link, so that no chain has holes. An observed link that was never to be embedded under the encoder counts
 * as dead. Throws `station-unknown`.
 */
export async function stationChain(
  db: Database,
  query: { readonly station: StationId; readonly encoder: EncoderId; readonly fromMs: UtcMs; readonly toMs: UtcMs },
): Promise<readonly ViewChain[]> {
  const { rows } = await db.pool.query<Row>(
    `select v.id as view, v.required, coalesce(l."linkOffsetMs", 0) as "offsetMs", l.*
     from view v left join lateral (
       select r.offset_ms as "linkOffsetMs", r.id as "viewRevision", c.starts_at as "startsAt", c.ends_at as "endsAt",
         c.segment_id as segment, s.session_id as session, e.state, e.pending_since as "pendingSince",
         e.object_key as "objectKey", s.media_start_ticks as "mediaStartTicks", s.duration_ticks as "durationTicks",
         s.timescale, s.absolute_error_ms as "absoluteErrorMs",
         s.clock_source as "clockSource"
       from (
         select r.*, lead(r.valid_from) over (order by r.valid_from, r.id) as valid_until,
           row_number() over (order by r.valid_from, r.id) = 1 as is_first
         from view_revision r where r.view_id = v.id
       ) r
       join coverage c on c.camera_id = r.camera_id
         and tstzrange(c.starts_at, c.ends_at)
           && tstzrange($3::timestamptz - r.offset_ms * interval '1 ms', $4::timestamptz - r.offset_ms * interval '1 ms')
         and (r.is_first or c.starts_at >= r.valid_from) and (r.valid_until is null or c.starts_at < r.valid_until)
       left join segment s on s.id = c.segment_id
       left join embedding e on e.segment_id = s.id and e.view_revision_id = r.id and e.encoder_id = $2
     ) l on true
     where v.station_id = $1
     order by v.position, v.id, l."startsAt"`,
    [query.station, query.encoder, new Date(query.fromMs), new Date(query.toMs)],
  )
  if (rows.length === 0) throw dbError('station-unknown', { station: query.station })
  const chains = Map.groupBy(rows, row => row.view)
  return [...chains.values()].map(ofView => {
    const { view, required, offsetMs } = ofView.at(-1)!
    const links = ofView.filter(row => row.startsAt !== null).map(toLink)
    return { view, required, offsetMs, links: withoutHoles(links, query.fromMs - offsetMs) }
  })
}

function toLink(row: Row): StationLink {
  const range = { startUtcMs: row.startsAt!.getTime(), endUtcMs: row.endsAt.getTime() }
  const link = { ...range, viewRevision: row.viewRevision!, absoluteErrorMs: row.absoluteErrorMs ?? 0 }
  if (row.segment === null) return { ...link, kind: 'lost' }
  const observed = {
    ...link,
    kind: 'observed' as const,
    segment: row.segment,
    slot: row.state ?? ('dead' as const),
    since: row.pendingSince?.getTime() ?? range.startUtcMs,
  }
  if (row.objectKey === null || row.state !== 'embedded') return observed
  const mediaStartSeconds = Number(row.mediaStartTicks) / row.timescale
  const durationSeconds = Number(row.durationTicks) / row.timescale
  const place = {
    view: row.view,
    session: row.session,
    segment: row.segment,
    mediaStartSeconds,
    durationSeconds,
    clock: row.clockSource,
  }
  return {
    ...observed,
    span: { ...range, ...place, ...stepsOfSegment(mediaStartSeconds, durationSeconds), objectKey: row.objectKey },
  }
}

function withoutHoles(links: readonly StationLink[], fromMs: UtcMs): StationLink[] {
  let until = fromMs
  return links.flatMap(link => {
    const hole: StationLink[] =
      link.startUtcMs > until
        ? [
            {
              kind: 'lost',
              startUtcMs: until,
              endUtcMs: link.startUtcMs,
              viewRevision: link.viewRevision,
              absoluteErrorMs: 0,
            },
          ]
        : []
    until = Math.max(until, link.endUtcMs)
    return [...hole, link]
  })
}
