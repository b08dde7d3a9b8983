import type {
  CameraId,
  CoverageEntry,
  EncoderId,
  Placement,
  SegmentFacts,
  SegmentId,
  SessionId,
  ViewRevisionId,
} from '@takt/domain'
import { dbError } from './errors.ts'
import { neededEncoders } from './needed-encoders.ts'
import type { Database } from './open-database.ts'

/** A placed segment whose object is stored, on its way into the truth. */
export interface KeptSegment extends SegmentFacts, Placement {
  readonly camera: CameraId
  readonly sessionStartedAtMs: number
  readonly objectKey: string
  readonly bytes: number
  readonly codec: string
  readonly width: number
  readonly height: number
  readonly hostOffsetMs: number | null
  readonly senderReportOffsetMs: number | null
}

export interface PendingEmbedding {
  readonly viewRevision: ViewRevisionId
  readonly encoder: EncoderId
}

/** A link of coverage as it is written: which segment an observed one belongs to is known once that has its row. */
export type CoverageLink = Omit<CoverageEntry, 'segment'>

export interface KeepOutcome {
  readonly id: SegmentId
  /** False where the segment was there already. */
  readonly kept: boolean
  readonly pending: readonly PendingEmbedding[]
}

/**
 * The ingest transaction: segment, coverage and a pending embedding for each view and encoder that its station needs, or nothing.
 * `coveredUntilMs` is where the caller saw the chain end; when another has moved it meanwhile: `coverage-moved`.
 * A segment that is there already (its session and sequence are its identity) is returned as it is, with `kept: false`.
 */
export async function keepSegment(
  db: Database,
  segment: KeptSegment,
  coverage: readonly CoverageLink[],
  coveredUntilMs: number | null,
): Promise<KeepOutcome> {
  const expected = coveredUntilMs === null ? null : new Date(coveredUntilMs)
  const { rows } = await db.pool.query<{ id: SegmentId | null; kept: boolean; pending: PendingEmbedding[] }>({
    name: 'keep-segment',
    text: keepInOneStatement,
    values: [
      JSON.stringify(segmentRow(segment)),
      JSON.stringify(coverage.map(coverageRow)),
      new Date(segment.sessionStartedAtMs),
      expected,
    ],
  })
  const { id, kept, pending } = rows[0]!
  if (id === null)
    throw dbError('coverage-moved', { camera: segment.camera, expected: expected?.toISOString() ?? null })
  return { id, kept, pending }
}

/**
 * One statement is one transaction and one round trip. Moving the end of the chain, if it still is where the caller
 * saw it, is the compare-and-swap that fences a second ingest: all that follows hangs on the row it returns.
 * The slots are those of the views that look through the camera when the segment starts, each under the encoders that
 * its station needs.
 */
const keepInOneStatement = `
  with new as (
    select * from jsonb_populate_record(null::segment, $1)
  ), there as (
    select segment.id from segment join new using (session_id, sequence)
  ), moved as (
    update camera set covered_until = new.ends_at from new
    where camera.id = new.camera_id and covered_until is not distinct from $4::timestamptz and not exists (select from there)
    returning camera.id
  ), opened as (
    insert into session (id, camera_id, started_at)
    select new.session_id, moved.id, $3::timestamptz from new, moved on conflict (id) do nothing
  ), kept as (
    insert into segment (
      camera_id, session_id, sequence, media_start_ticks, duration_ticks, timescale, closed_at, starts_at, ends_at,
      clock_source, absolute_error_ms, host_offset_ms, sender_report_offset_ms, object_key, bytes, codec, width, height)
    select
      camera_id, session_id, sequence, media_start_ticks, duration_ticks, timescale, closed_at, starts_at, ends_at,
      clock_source, absolute_error_ms, host_offset_ms, sender_report_offset_ms, object_key, bytes, codec, width, height
    from new, moved
    returning id
  ), linked as (
    insert into coverage (camera_id, starts_at, ends_at, state, reason, segment_id)
    select link.camera_id, link.starts_at, link.ends_at, link.state, link.reason, case link.state when 'observed' then kept.id end
    from kept, jsonb_populate_recordset(null::coverage, $2) link
  ), looking as (
    select distinct on (r.view_id) r.id, r.camera_id, v.station_id
    from new, view_revision r join view v on v.id = r.view_id
    where r.view_id in (select view_id from view_revision where camera_id = new.camera_id) and r.valid_from <= new.starts_at
    order by r.view_id, r.valid_from desc, r.id desc
  ), slot as (
    insert into embedding (view_revision_id, encoder_id, segment_id)
    select l.id, e.id, kept.id
    from kept cross join new join looking l using (camera_id)
      join encoder e on e.id in (${neededEncoders('l.station_id', 'new.starts_at')})
    returning view_revision_id, encoder_id
  )
  select
    coalesce((select id from there), (select id from kept)) as id,
    exists (select from kept) as kept,
    (select coalesce(json_agg(json_build_object('viewRevision', view_revision_id, 'encoder', encoder_id)), '[]') from slot) as pending,
    (select pg_notify('takt_segment', id::text) from moved)`

/** A segment that is already kept, and where it was placed; undefined when there is none of this session and sequence. */
export async function findKeptSegment(
  db: Database,
  { session, sequence }: { readonly session: SessionId; readonly sequence: number },
): Promise<{ readonly id: SegmentId; readonly startUtcMs: number; readonly endUtcMs: number } | undefined> {
  const row = await db.prisma.segment.findUnique({
    where: { sessionId_sequence: { sessionId: session, sequence } },
    select: { id: true, startsAt: true, endsAt: true },
  })
  return row ? { id: row.id, startUtcMs: row.startsAt.getTime(), endUtcMs: row.endsAt.getTime() } : undefined
}

/** The columns of a segment but its id. */
const segmentRow = (segment: KeptSegment) => ({
  camera_id: segment.camera,
  session_id: segment.session,
  sequence: segment.sequence,
  media_start_ticks: String(segment.mediaStartTicks),
  duration_ticks: String(segment.durationTicks),
  timescale: segment.timescale,
  closed_at: new Date(segment.closedAtMs),
  starts_at: new Date(segment.startUtcMs),
  ends_at: new Date(segment.endUtcMs),
  clock_source: segment.source,
  absolute_error_ms: Math.ceil(segment.absoluteErrorMs),
  host_offset_ms: segment.hostOffsetMs,
  sender_report_offset_ms: segment.senderReportOffsetMs,
  object_key: segment.objectKey,
  bytes: segment.bytes,
  codec: segment.codec,
  width: segment.width,
  height: segment.height,
})

/** The columns of a link of coverage but its id and its segment. */
export const coverageRow = (link: CoverageLink) => ({
  camera_id: link.camera,
  starts_at: new Date(link.startUtcMs),
  ends_at: new Date(link.endUtcMs),
  state: link.state,
  reason: link.reason,
})
