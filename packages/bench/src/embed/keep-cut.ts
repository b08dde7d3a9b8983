import { type BlobStore, blobKeys } from '@takt/blobs'
import { type Database, keepSegment } from '@takt/db'
import type { CameraId, SegmentId } from '@takt/domain'
import { type CutSegment, timescale } from '../material/cut-segments.ts'
import { newId } from './seed-camera.ts'

/** Stores the segments as one session of the camera that begins at `startMs`, as ingest does. Returns their ids in order. */
export async function keepCut(
  { db, blobs }: { readonly db: Database; readonly blobs: BlobStore },
  {
    camera,
    segments,
    startMs,
  }: { readonly camera: CameraId; readonly segments: readonly CutSegment[]; readonly startMs: number },
): Promise<readonly SegmentId[]> {
  const session = newId()
  const utcMs = (seconds: number) => startMs + Math.round(seconds * 1000)
  const ticks = (seconds: number) => BigInt(Math.round(seconds * timescale))
  const row = await db.prisma.camera.findUniqueOrThrow({ where: { id: camera } })
  let coveredUntilMs = row.coveredUntil?.getTime() ?? null
  const ids: SegmentId[] = []
  for (const [sequence, { path, startSeconds, durationSeconds, bytes }] of segments.entries()) {
    const objectKey = blobKeys.segment({ camera, session, sequence })
    await blobs.put(objectKey, { path }, { contentType: 'video/mp4' })
    const [startUtcMs, endUtcMs] = [utcMs(startSeconds), utcMs(startSeconds + durationSeconds)]
    const { id } = await keepSegment(
      db,
      {
        ...{ camera, session, sequence, objectKey, bytes, timescale, startUtcMs, endUtcMs },
        sessionStartedAtMs: startMs,
        mediaStartTicks: ticks(startSeconds),
        durationTicks: ticks(startSeconds + durationSeconds) - ticks(startSeconds),
        closedAtMs: endUtcMs,
        senderReports: [],
        source: 'host',
        absoluteErrorMs: 250,
        hostOffsetMs: 0,
        senderReportOffsetMs: null,
        ...{ codec: 'h264', width: 1920, height: 1080 },
      },
      [{ camera, startUtcMs: coveredUntilMs ?? startUtcMs, endUtcMs, state: 'observed', reason: null }],
      coveredUntilMs,
    )
    coveredUntilMs = endUtcMs
    ids.push(id)
  }
  return ids
}
