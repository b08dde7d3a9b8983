import type { EncoderId, ReleaseId, SegmentId, StationId, UtcMs, ViewId, ViewRevisionId } from '@takt/domain'
import type { Database } from '../open-database.ts'
import { recentHorizonMs } from '../open-slots.ts'

/** A view of a station that a release times: its drift is measured. */
export interface DriftingView {
  readonly station: StationId
  readonly view: ViewId
  readonly release: ReleaseId
  readonly effectiveAtMs: UtcMs
  readonly encoder: EncoderId
  /** Of the encoder. */
  readonly spec: unknown
  /** Start of the newest window that was measured; null before the first. */
  readonly measuredMs: UtcMs | null
}

/** Every view of a station that has a release in force. */
export async function driftingViews(db: Database, now: Date): Promise<DriftingView[]> {
  const { rows } = await db.pool.query<
    Omit<DriftingView, 'effectiveAtMs' | 'measuredMs'> & { effectiveAt: Date; measured: Date | null }
  >(
    `select v.station_id as station, v.id as view, r.id as release, r.effective_at as "effectiveAt",
       r.encoder_id as encoder, e.spec, d.starts_at as measured
     from view v
       join lateral (select * from release where station_id = v.station_id and effective_at <= $1
         order by effective_at desc, id desc limit 1) r on true
       join encoder e on e.id = r.encoder_id
       left join lateral (select starts_at from view_drift where view_id = v.id
         order by starts_at desc limit 1) d on true
     order by v.id`,
    [now],
  )
  return rows.map(({ effectiveAt, measured, ...row }) => ({
    ...row,
    effectiveAtMs: effectiveAt.getTime(),
    measuredMs: measured?.getTime() ?? null,
  }))
}

/** A segment that a view showed, embedded. */
export interface DriftSegment {
  readonly segment: SegmentId
  readonly viewRevision: ViewRevisionId
  readonly objectKey: string
  readonly startUtcMs: UtcMs
  readonly endUtcMs: UtcMs
}

interface Row {
  readonly segment: SegmentId
  readonly viewRevision: ViewRevisionId
  readonly objectKey: string
  readonly startsAt: Date
  readonly endsAt: Date
}

/** The segments that a view showed and that are embedded under an encoder, which begin in `[fromMs, toMs)`; in order. */
export async function viewSegments(
  db: Database,
  of: { readonly view: ViewId; readonly encoder: EncoderId; readonly fromMs: UtcMs; readonly toMs: UtcMs },
): Promise<DriftSegment[]> {
  const { rows } = await db.pool.query<Row>(
    `${embeddedSegments} where s.starts_at >= $3 and s.starts_at < $4 order by s.starts_at, s.id`,
    [of.view, of.encoder, new Date(of.fromMs), new Date(of.toMs)],
  )
  return rows.map(toSegment)
}

/** As much of labelled video is looked through at most: 4 hours in segments of 4 s. */
const mostSegments = 3600

/**
 * What a release's encoder and head were made on, as a view showed it: the labelled video that the head was fitted on;
 * where that is shorter than `enoughMs`, also what followed since shortly before the head was made, up to the length
 * that is enough. In order; the same again whenever it is asked for, once there is enough.
 */
export async function referenceSegments(
  db: Database,
  of: Pick<DriftingView, 'view' | 'release' | 'encoder'> & { readonly enoughMs: number },
): Promise<DriftSegment[]> {
  const { rows } = await db.pool.query<Row & { isLabelled: boolean }>(
    `with made as (
       select head.created_at, release.station_id from release join head on head.id = release.head_id where release.id = $3
     ), stretch as (
       select l.starts_at, l.ends_at from label_range l, made
       where l.created_at <= made.created_at and (l.source_kind = 'station' and l.source = made.station_id::text
         or l.source_kind = 'camera' and l.source in (select camera_id::text from view_revision where view_id = $1))
     )
     select * from (
       ${embeddedSegments.replace(
         'select',
         `select exists (select from stretch
         where s.starts_at < stretch.ends_at and s.ends_at > stretch.starts_at) as "isLabelled",`,
       )}
     ) seen where "isLabelled" or "startsAt" >= (select created_at from made) - $4 * interval '1 ms'
     order by "isLabelled" desc, "startsAt", segment limit $5`,
    [of.view, of.encoder, of.release, recentHorizonMs, mostSegments],
  )
  const labelled = rows.filter(row => row.isLabelled)
  let lengthMs = labelled.reduce((sum, row) => sum + lengthOf(row), 0)
  const after = rows.slice(labelled.length).filter(row => {
    const isNeeded = lengthMs < of.enoughMs
    if (isNeeded) lengthMs += lengthOf(row)
    return isNeeded
  })
  return [...labelled, ...after].map(toSegment).sort((a, b) => a.startUtcMs - b.startUtcMs)
}

/** Segments that view $1 showed, in the revision in force at their start, embedded under encoder $2. */
const embeddedSegments = `select s.id as segment, r.id as "viewRevision", e.object_key as "objectKey",
    s.starts_at as "startsAt", s.ends_at as "endsAt"
  from view_revision r join embedding e on e.view_revision_id = r.id and e.encoder_id = $2 and e.state = 'embedded'
    join segment s on s.id = e.segment_id and r.view_id = $1`

const lengthOf = (row: Row): number => row.endsAt.getTime() - row.startsAt.getTime()

const toSegment = ({ startsAt, endsAt, segment, viewRevision, objectKey }: Row): DriftSegment => ({
  ...{ segment, viewRevision, objectKey },
  startUtcMs: startsAt.getTime(),
  endUtcMs: endsAt.getTime(),
})
