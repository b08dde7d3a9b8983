import type { CameraId, CameraState, LossReason, SegmentId, SessionId } from '@takt/domain'
import { defineEvents, event } from '@takt/service'

type OfCamera = { readonly cameraId: CameraId }
type OfSegment = OfCamera & { readonly sessionId: SessionId; readonly sequence: number }

/** A fault that comes back is logged once a minute with its count. */
const oncePerMinute = <Fields extends object>(key: (fields: Fields) => string) => ({
  repeats: { windowMs: 60_000, key },
})

/** What ingest logs. */
export const ingestEvents = defineEvents({
  cameraStateChanged: event<OfCamera & { state: CameraState; detail: string | null }>({
    level: 'info',
    message: 'the camera is in another state',
  }),
  cameraFailed: event<OfCamera & { error: unknown }>({
    level: 'error',
    message: 'the camera cannot be captured at all',
    ...oncePerMinute(fields => fields.cameraId),
  }),
  cameraListFailed: event<{ error: unknown }>({
    level: 'warn',
    message: 'the list of cameras cannot be read; those that run go on',
    ...oncePerMinute(() => ''),
  }),
  stateNotRecorded: event<OfCamera & { error: unknown }>({
    level: 'warn',
    message: 'a state could not be recorded and is tried again',
    ...oncePerMinute(() => ''),
  }),
  segmentKept: event<OfSegment & { segmentId: SegmentId; bytes: number; lagMs: number; clock: string }>({
    level: 'debug',
    message: 'kept a segment',
  }),
  segmentSuperseded: event<OfSegment>({
    level: 'warn',
    message: 'another ingest has already accounted for this time; the segment is not kept',
    ...oncePerMinute(fields => fields.cameraId),
  }),
  segmentUnreadable: event<OfCamera & { sessionId: SessionId; file: string; error: unknown }>({
    level: 'warn',
    message: 'a closed segment cannot be read',
    ...oncePerMinute(fields => fields.cameraId),
  }),
  segmentNotDescribed: event<OfCamera & { error: unknown }>({
    level: 'error',
    message: 'the description of a segment could not be written; it is kept unless ingest ends first',
    ...oncePerMinute(fields => fields.cameraId),
  }),
  videoLost: event<OfCamera & { reason: LossReason; from: string; until: string }>({
    level: 'warn',
    message: 'video is lost',
    ...oncePerMinute(fields => `${fields.cameraId} ${fields.reason}`),
  }),
  keepFailed: event<OfCamera & { failures: number; error: unknown }>({
    level: 'warn',
    message: 'nothing can be kept at the moment; the spool holds it',
    ...oncePerMinute(fields => fields.cameraId),
  }),
  jobNotAdded: event<{ segmentId: SegmentId; error: unknown }>({
    level: 'warn',
    message: 'an embedding job could not be added; the sweep adds it later',
    ...oncePerMinute(() => ''),
  }),
  workListUnreachable: event<{ error: unknown }>({
    level: 'warn',
    message: 'the work list does not answer',
    ...oncePerMinute(() => ''),
  }),
  spoolRecovered: event<OfCamera & { segments: number; unreadable: number }>({
    level: 'info',
    message: 'found what an earlier run left in the spool',
  }),
  spoolOfUnknownCamera: event<OfCamera>({
    level: 'error',
    message: 'the spool holds video of a camera that Postgres does not know; it is left alone',
  }),
})

export type IngestEvents = ReturnType<typeof ingestEvents>
