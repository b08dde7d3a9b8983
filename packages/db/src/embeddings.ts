import { type EmbeddingState, type EncoderId, lateAfterMs, type SegmentId, type ViewRevisionId } from '@takt/domain'
import { dbError } from './errors.ts'
import { timingEncoders } from './needed-encoders.ts'
import type { Database } from './open-database.ts'

/** A rectangle as fractions of the whole picture. */
export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** An open slot with all that a worker needs to fill it. */
export interface OpenSlot {
  readonly viewRevision: ViewRevisionId
  readonly encoder: EncoderId
  readonly spec: unknown
  readonly weightsKey: string
  readonly crop: Rectangle | null
  readonly masks: readonly Rectangle[]
}

/** A segment with its open slots (pending or late). */
export interface SegmentWork {
  readonly id: SegmentId
  readonly objectKey: string
  readonly mediaStartSeconds: number
  readonly durationSeconds: number
  readonly slots: readonly OpenSlot[]
}

/** Names one embedding slot, as `OpenSlot` does. */
export interface SlotKey {
  readonly viewRevision: ViewRevisionId
  readonly encoder: EncoderId
  readonly segment: SegmentId
}

/** What an `embed-backfill` job has to do; throws `segment-unknown`. No slots: there is nothing left to do. */
export async function segmentWork(db: Database, segment: SegmentId): Promise<SegmentWork> {
  const row = await db.prisma.segment.findUnique({
    where: { id: segment },
    include: {
      embeddings: {
        where: { state: { in: ['pending', 'late'] } },
        include: { viewRevision: true, encoder: { select: { spec: true, weightsKey: true } } },
      },
    },
  })
  if (!row) throw dbError('segment-unknown', { segment })
  return {
    id: row.id,
    objectKey: row.objectKey,
    mediaStartSeconds: Number(row.mediaStartTicks) / row.timescale,
    durationSeconds: Number(row.durationTicks) / row.timescale,
    slots: row.embeddings.map(slot => ({
      viewRevision: slot.viewRevisionId,
      encoder: slot.encoderId,
      spec: slot.encoder.spec,
      weightsKey: slot.encoder.weightsKey,
      crop: slot.viewRevision.crop as Rectangle | null,
      masks: slot.viewRevision.masks as unknown as Rectangle[],
    })),
  }
}

/**
 * What an `embed-live` job has to do: of the open slots those that a station is timed by. The slots of an encoder that
 * is still a candidate can wait: live video keeps its pace whatever is tried out. Throws `segment-unknown`.
 */
export async function liveSegmentWork(db: Database, segment: SegmentId): Promise<SegmentWork> {
  const work = await segmentWork(db, segment)
  const { rows } = await db.pool.query<Pick<OpenSlot, 'viewRevision' | 'encoder'>>(
    `select e.view_revision_id as "viewRevision", e.encoder_id as encoder
     from embedding e join segment s on s.id = e.segment_id
       join view_revision r on r.id = e.view_revision_id join view v on v.id = r.view_id
     where e.segment_id = $1 and e.encoder_id in (${timingEncoders('v.station_id', 's.starts_at')})`,
    [segment],
  )
  const keyOf = (slot: Pick<OpenSlot, 'viewRevision' | 'encoder'>) => `${slot.viewRevision}/${slot.encoder}`
  const timing = new Set(rows.map(keyOf))
  return { ...work, slots: work.slots.filter(slot => timing.has(keyOf(slot))) }
}

/** Batches under way lie this far ahead of the committed cursor at most, s. */
const batchesAheadSeconds = 120

/**
 * Fills a slot. One that decoding has already passed (late, dead, or behind the cursor, as a segment is that comes after
 * a silence) heals: a request to revise its stretch of the station's timings is filed in the same statement. So it is
 * where a batch that is not committed yet may have passed it: just ahead of the cursor, later than a station waits.
 * A run that has decoded nothing yet has not passed the segment that it starts in. Nobody waits for an optional view,
 * and what it shows later is worth no revision. What
 * is embedded under an encoder that came after it, for its heads to learn from, heals nothing. A filled slot stays as
 * it is.
 */
export async function fillSlot(
  db: Database,
  key: SlotKey,
  embedded: { readonly objectKey: string; readonly firstStep: number; readonly stepCount: number },
): Promise<void> {
  await db.pool.query(
    `with before as (
       select state from embedding where view_revision_id = $1 and encoder_id = $2 and segment_id = $3 for update
     ), filled as (
       update embedding e set state = 'embedded', object_key = $4, first_step = $5, step_count = $6, embedded_at = now(), error = null
       from before where e.view_revision_id = $1 and e.encoder_id = $2 and e.segment_id = $3 and before.state <> 'embedded'
       returning before.state
     )
     , healed as (
       select v.station_id, filled.state, s.starts_at + r.offset_ms * interval '1 ms' as starts_at,
         s.ends_at + r.offset_ms * interval '1 ms' as ends_at, s.ends_at < now() - $7 * interval '1 ms' as is_old
       from filled, segment s, view_revision r join view v on v.id = r.view_id
       where s.id = $3 and r.id = $1 and v.required
     )
     insert into revision_request (station_id, starts_at, ends_at, reason)
     select h.station_id, h.starts_at, h.ends_at, 'healed'
     from healed h join run_cursor c on c.station_id = h.station_id join run current on current.id = c.run_id
     where exists (
         select 1 from run join release on release.id = run.release_id
         where run.station_id = h.station_id and release.encoder_id = $2 and to_timestamp(run.from_slot * 0.25) < h.ends_at)
       and (h.state in ('late', 'dead')
         or to_timestamp(c.decoded_through * 0.25) > h.starts_at
           and (c.decoded_through > current.from_slot or to_timestamp(current.from_slot * 0.25) >= h.ends_at)
         or h.is_old and to_timestamp(c.decoded_through * 0.25 + $8) > h.starts_at)`,
    [
      key.viewRevision,
      key.encoder,
      key.segment,
      embedded.objectKey,
      embedded.firstStep,
      embedded.stepCount,
      lateAfterMs,
      batchesAheadSeconds,
    ],
  )
  await db.pool.query(`select pg_notify('takt_embedded', $1)`, [key.viewRevision])
}

/** Counts a failed attempt on every open slot of a segment. */
export async function recordAttempt(db: Database, segment: SegmentId, error: string): Promise<void> {
  await db.prisma.embedding.updateMany({
    where: { segmentId: segment, state: { in: ['pending', 'late'] } },
    data: { attempts: { increment: 1 }, error },
  })
}

/** After the last attempt: the open slots of a segment are dead, listed, and can be retried. */
export async function buryMissing(db: Database, segment: SegmentId, error: string): Promise<number> {
  const { count } = await db.prisma.embedding.updateMany({
    where: { segmentId: segment, state: { in: ['pending', 'late'] } },
    data: { state: 'dead', error },
  })
  if (count > 0) await db.pool.query(`select pg_notify('takt_embedded', $1)`, [segment])
  return count
}

/**
 * Gives a dead slot another round of attempts. Decoding may have passed it as dead, so it comes back as `late`:
 * filling it then asks for a revision.
 */
export async function retrySlot(db: Database, key: SlotKey): Promise<EmbeddingState | null> {
  const { count } = await db.prisma.embedding.updateMany({
    where: { viewRevisionId: key.viewRevision, encoderId: key.encoder, segmentId: key.segment, state: 'dead' },
    data: { state: 'late', attempts: 0, error: null, lateAt: new Date() },
  })
  return count === 1 ? 'late' : null
}

/** A segment with open slots. */
export interface OpenSegment {
  readonly segment: SegmentId
  readonly endsAt: Date
  /** Some of its slots are filled: the open ones are for another encoder, or were left over. */
  readonly embeddedBefore: boolean
}

/** Segments with open slots older than `olderThan`: what the sweep puts back on the queue. */
export async function openSegments(
  db: Database,
  { olderThan, limit }: { olderThan: Date; limit: number },
): Promise<OpenSegment[]> {
  const { rows } = await db.pool.query<OpenSegment>(
    `select e.segment_id as segment, s.ends_at as "endsAt",
       exists (select from embedding filled where filled.segment_id = e.segment_id and filled.state = 'embedded')
         as "embeddedBefore"
     from embedding e join segment s on s.id = e.segment_id
     where e.state in ('pending', 'late') and e.pending_since < $1
     group by e.segment_id, s.ends_at order by s.ends_at limit $2`,
    [olderThan, limit],
  )
  return rows
}
