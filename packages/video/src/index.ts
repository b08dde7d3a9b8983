export type { CapturedSegment, UnreadableSegment } from './announce-segments.ts'
export { parseCameraUrl } from './camera-url.ts'
export { type CaptureOptions, capture } from './capture.ts'
export type { Transport } from './capture-command.ts'
export type { CaptureKind, CaptureOutcome } from './capture-outcome.ts'
export { type ClipPlan, clipFrames, planClips } from './clips.ts'
export { type DecodedSegment, type DecodeOptions, decodeSegment } from './decode.ts'
export { VIDEO_ERRORS, VideoError, type VideoErrorCode } from './errors.ts'
export type { StepRange } from './frame-grid.ts'
export { type JoinedVideo, type JoinOptions, type JoinSource, joinSegments } from './join.ts'
export { ntpToUnixMicros } from './ntp.ts'
export type { Rectangle, Rendition } from './rendition.ts'
export { type FragmentFacts, readSegment, type SegmentFacts } from './segment-facts.ts'
export type { ProducerTime } from './segment-fragment.ts'
export type { VideoCodec } from './segment-track.ts'
export { type StillOptions, stillPicture } from './still-picture.ts'
export {
  type ClipCall,
  type ClipPool,
  type ClipPoolOptions,
  type ClipPoolStats,
  openClipPool,
} from './training-clips/clip-pool.ts'
export type { LeftOutSegment } from './training-clips/left-out.ts'
export type { TrainingSegment } from './training-clips/training-segment.ts'
