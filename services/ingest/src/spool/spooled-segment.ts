import type { CameraId, SegmentFacts, SenderReport, SessionId, UtcMs } from '@takt/domain'
import { type CapturedSegment, ntpToUnixMicros } from '@takt/video'
import { z } from 'zod'

const senderReport = z.object({ mediaSeconds: z.number(), utcMs: z.number() })

/** What the file beside a spooled segment says of it: all that is known when it closes. Plain JSON. */
export const spooledSegmentSchema = z.object({
  camera: z.guid(),
  session: z.guid(),
  sessionStartedAtMs: z.number(),
  sequence: z.int().min(0),
  /** Of the session's media clock; the end is the next segment's start. */
  startSeconds: z.number().min(0),
  endSeconds: z.number().min(0),
  closedAtMs: z.number(),
  bytes: z.int().min(0),
  codec: z.string(),
  width: z.int().min(0),
  height: z.int().min(0),
  timescale: z.int().min(1),
  senderReports: z.array(senderReport),
})

export type SpooledSegment = z.output<typeof spooledSegmentSchema>

/** The connection that a segment comes from. */
export interface SpoolSession {
  readonly camera: CameraId
  readonly id: SessionId
  readonly startedAtMs: UtcMs
}

/** Describes a captured segment of `bytes` bytes. */
export function describeSegment(
  session: SpoolSession,
  captured: Omit<CapturedSegment, 'path'>,
  bytes: number,
): SpooledSegment {
  const { codec, width, height, timescale } = captured.facts
  const { sequence, startSeconds, endSeconds, closedAtMs } = captured
  return {
    ...{ camera: session.camera, session: session.id, sessionStartedAtMs: session.startedAtMs },
    ...{ sequence, startSeconds, endSeconds, closedAtMs, bytes, codec, width, height, timescale },
    senderReports: senderReportsOf(captured),
  }
}

/**
 * Each fragment may carry the camera's clock; its ticks start anew in each file, so the announced start is added.
 * ffmpeg gives a picture the time of the one behind it (measured: 40 ms late at 25 pictures/s, over TCP and UDP alike).
 */
function senderReportsOf({ facts, startSeconds, endSeconds }: Omit<CapturedSegment, 'path'>): SenderReport[] {
  const firstTicks = facts.fragments[0]?.firstPictureTicks ?? 0
  const pictureMs = facts.frames > 0 ? ((endSeconds - startSeconds) * 1000) / facts.frames : 0
  return facts.fragments.flatMap(({ prft }) =>
    prft
      ? {
          mediaSeconds: startSeconds + (Number(prft.ticks) - firstTicks) / facts.timescale,
          utcMs: Number(ntpToUnixMicros(prft.ntp)) / 1000 - pictureMs,
        }
      : [],
  )
}

/** A spooled segment as the domain places it. Ends are rounded, not durations, so that neighbours touch to the tick. */
export function segmentFacts(segment: SpooledSegment): SegmentFacts {
  const startTicks = Math.round(segment.startSeconds * segment.timescale)
  const endTicks = Math.round(segment.endSeconds * segment.timescale)
  return {
    session: segment.session,
    sequence: segment.sequence,
    mediaStartTicks: BigInt(startTicks),
    durationTicks: BigInt(endTicks - startTicks),
    timescale: segment.timescale,
    closedAtMs: segment.closedAtMs,
    senderReports: segment.senderReports,
  }
}
