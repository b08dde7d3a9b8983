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
import type { Database, Transaction } from './open-database.ts'

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

/**
 * The ingest transaction: segment, coverage and a pending embedding for each view and live encoder, or nothing.
 * `coveredUntilMs` is where the caller saw the chain end; when another has moved it meanwhile: `coverage-moved`.
 * A segment that is there already (its session and sequence are its identity) is returned as it is, with `kept: false`.
 */
export async function keepSegment(
  db: Database,
  segment: KeptSegment,
  coverage: readonly Omit<CoverageEntry, 'segment'>[],
  coveredUntilMs: number | null,
): Promise<{ readonly id: SegmentId; readonly kept: boolean; readonly pending: readonly PendingEmbedding[] }> {
  return db.prisma.$transaction(async tx => {
    const there = await tx.segment.findUnique({
      where: { sessionId_sequence: { sessionId: segment.session, sequence: segment.sequence } },
      select: { id: true },
    })
    if (there) return { id: there.id, kept: false, pending: [] }
    await moveCoverage(tx, segment.camera, coveredUntilMs, segment.endUtcMs)
    await tx.session.upsert({
      where: { id: segment.session },
      create: { id: segment.session, cameraId: segment.camera, startedAt: new Date(segment.sessionStartedAtMs) },
      update: {},
    })
    const { id } = await tx.segment.create({ data: segmentRow(segment), select: { id: true } })
    await tx.coverage.createMany({
      data: coverage.map(link => coverageRow(link, link.state === 'observed' ? id : null)),
    })
    const pending = await liveSlots(tx, segment.camera, new Date(segment.startUtcMs))
    await tx.embedding.createMany({
      data: pending.map(slot => ({ viewRevisionId: slot.viewRevision, encoderId: slot.encoder, segmentId: id })),
    })
    await tx.$executeRaw`select pg_notify('takt_segment', ${segment.camera})`
    return { id, kept: true, pending }
  })
}

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

/** Writes what was lost without a segment behind it: a hole after a restart, an outage that ingest saw, a camera switched off. */
export async function recordLost(
  db: Database,
  coverage: readonly Omit<CoverageEntry, 'segment'>[],
  coveredUntilMs: number | null,
): Promise<void> {
  const last = coverage.at(-1)
  if (!last) return
  await db.prisma.$transaction(async tx => {
    await moveCoverage(tx, last.camera, coveredUntilMs, last.endUtcMs)
    const [first, ...rest] = coverage
    const added = (await lengthenLost(tx, first!)) ? rest : coverage
    await tx.coverage.createMany({ data: added.map(link => coverageRow(link, null)) })
    await tx.$executeRaw`select pg_notify('takt_segment', ${last.camera})`
  })
}

/** An outage that goes on lengthens its link, so that a week without a camera is one row. Returns whether there was one to lengthen. */
async function lengthenLost(tx: Transaction, link: Omit<CoverageEntry, 'segment'>): Promise<boolean> {
  const { count } = await tx.coverage.updateMany({
    where: {
      cameraId: link.camera,
      endsAt: new Date(link.startUtcMs),
      state: 'lost',
      reason: link.reason,
      segmentId: null,
    },
    data: { endsAt: new Date(link.endUtcMs) },
  })
  return count > 0
}

/** Moves the end of the chain, if it still is where the caller saw it. This compare-and-swap fences a second ingest. */
async function moveCoverage(tx: Transaction, camera: CameraId, from: number | null, to: number): Promise<void> {
  const expected = from === null ? null : new Date(from)
  const { count } = await tx.camera.updateMany({
    where: { id: camera, coveredUntil: expected },
    data: { coveredUntil: new Date(to) },
  })
  if (count === 0) throw dbError('coverage-moved', { camera, expected: expected?.toISOString() ?? null })
}

/** The views that look through the camera at the instant, each under every live encoder: the plant's and its station's. */
async function liveSlots(tx: Transaction, camera: CameraId, at: Date): Promise<PendingEmbedding[]> {
  return tx.$queryRaw<PendingEmbedding[]>`
    with looking as (
      select distinct on (r.view_id) r.id, r.camera_id, v.station_id
      from view_revision r join view v on v.id = r.view_id
      where r.view_id in (select view_id from view_revision where camera_id = ${camera}::uuid) and r.valid_from <= ${at}
      order by r.view_id, r.valid_from desc, r.id desc
    )
    select l.id as "viewRevision", e.id as encoder
    from looking l join encoder e on e.serving or e.id in (
      select encoder_id from release where station_id = l.station_id
      and effective_at >= coalesce((select max(effective_at) from release where station_id = l.station_id and effective_at <= ${at}), '-infinity'))
    where l.camera_id = ${camera}::uuid`
}

const segmentRow = (segment: KeptSegment) => ({
  cameraId: segment.camera,
  sessionId: segment.session,
  sequence: segment.sequence,
  mediaStartTicks: segment.mediaStartTicks,
  durationTicks: segment.durationTicks,
  timescale: segment.timescale,
  closedAt: new Date(segment.closedAtMs),
  startsAt: new Date(segment.startUtcMs),
  endsAt: new Date(segment.endUtcMs),
  clockSource: segment.source,
  absoluteErrorMs: Math.ceil(segment.absoluteErrorMs),
  hostOffsetMs: segment.hostOffsetMs,
  senderReportOffsetMs: segment.senderReportOffsetMs,
  objectKey: segment.objectKey,
  bytes: BigInt(segment.bytes),
  codec: segment.codec,
  width: segment.width,
  height: segment.height,
})

const coverageRow = (link: Omit<CoverageEntry, 'segment'>, segmentId: SegmentId | null) => ({
  cameraId: link.camera,
  startsAt: new Date(link.startUtcMs),
  endsAt: new Date(link.endUtcMs),
  state: link.state,
  reason: link.reason,
  segmentId,
})
