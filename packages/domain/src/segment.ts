import type { UtcMs } from './grid.ts'
import type { CameraId, SegmentId, SessionId } from './identifiers.ts'

/** One pair of a sender report: the camera's own clock at a media time. */
export interface SenderReport {
  readonly mediaSeconds: number
  readonly utcMs: UtcMs
}

/** What ingest knows of a closed segment before it is placed in time. */
export interface SegmentFacts {
  readonly session: SessionId
  /** Counts from 0 within the session, without holes. */
  readonly sequence: number
  /** Start and length in the session's media time. */
  readonly mediaStartTicks: bigint
  readonly durationTicks: bigint
  readonly timescale: number
  /** Host time when the segment closed. */
  readonly closedAtMs: UtcMs
  readonly senderReports: readonly SenderReport[]
}

/** Which clock placed a segment in UTC. */
export const clockSources = ['sender-report', 'host', 'untrusted'] as const
export type ClockSource = (typeof clockSources)[number]

/** A segment's place in UTC. `[startUtcMs, endUtcMs)` is what coverage records. */
export interface Placement {
  readonly startUtcMs: UtcMs
  readonly endUtcMs: UtcMs
  readonly source: ClockSource
  /** Half-width of the absolute error, ms: what joining with MES events has to allow for. */
  readonly absoluteErrorMs: number
}

/** A stored piece of video. */
export interface Segment extends SegmentFacts, Placement {
  readonly id: SegmentId
  readonly camera: CameraId
}

/** A segment's start, length and end in the session's media time, s. */
export const mediaStartSeconds = (s: Pick<SegmentFacts, 'mediaStartTicks' | 'timescale'>): number =>
  Number(s.mediaStartTicks) / s.timescale
export const durationSeconds = (s: Pick<SegmentFacts, 'durationTicks' | 'timescale'>): number =>
  Number(s.durationTicks) / s.timescale
export const mediaEndSeconds = (s: Pick<SegmentFacts, 'mediaStartTicks' | 'durationTicks' | 'timescale'>): number =>
  Number(s.mediaStartTicks + s.durationTicks) / s.timescale
