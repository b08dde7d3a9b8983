import type { CameraId, LossReason, SessionId, UtcMs } from '@takt/domain'
import type { SpooledSegment } from '../spool/spooled-segment.ts'

/** Why video was missing up to an instant of the host's clock. */
export interface Outage {
  readonly reason: LossReason
  readonly untilMs: UtcMs
}

/** What happened to one camera, in the order it happened; each item is told to Postgres before the next. */
export type KeepItem =
  | { readonly kind: 'segment'; readonly path: string; readonly segment: SpooledSegment }
  /** A segment whose time is known and whose video cannot be kept. */
  | {
      readonly kind: 'spoilt'
      readonly path: string
      readonly segment: SpooledSegment
      readonly reason: LossReason
      readonly file: 'quarantine' | 'remove' | 'gone'
    }
  /** `settled`: no video of the time before will come any more, so that it can be written off now. */
  | ({ readonly kind: 'outage'; readonly settled: boolean } & Outage)
  | {
      readonly kind: 'session-end'
      readonly camera: CameraId
      readonly session: SessionId
      readonly directory: string
      readonly endedAtMs: UtcMs
      readonly outcome: string
    }
