export { type CameraState, cameraStates, type Transport, transports } from './camera.ts'
export { encodeFeedToken, type Feed, type FeedToken, parseFeedToken, readerMustRestart } from './changes.ts'
export { type ClockDiagnosis, openClock, placeSegment, type SessionClock } from './clock.ts'
export {
  type CoverageEntry,
  type CoverageSummary,
  extendCoverage,
  type LossReason,
  loseCoverage,
  lossReasons,
  summariseCoverage,
  unaccounted,
} from './coverage.ts'
export {
  type Batch,
  type CommitOutcome,
  type Cursor,
  checkBatch,
  commitBatch,
  intervalKey,
  type Recorded,
} from './cursor.ts'
export { type CycleCarry, type CycleDraft, type CycleRule, cyclesOf, noCycleYet } from './cycles.ts'
export { DomainError, type DomainErrorCode, domainErrors } from './errors.ts'
export {
  firstStepAtOrAfter,
  frameRateHz,
  framesPerStep,
  gridCells,
  stepMs,
  stepsOfSegment,
  stepsPerClip,
  type UtcMs,
} from './grid.ts'
export type {
  CameraId,
  CycleId,
  EncoderId,
  HeadId,
  IntervalId,
  ProcessId,
  ProcessVersionId,
  ReleaseId,
  RunId,
  SegmentId,
  SessionId,
  StationId,
  StepId,
  ViewId,
  ViewRevisionId,
} from './identifiers.ts'
export { type Censoring, censorings, closeInterval, type DecodedInterval, type DurationSource } from './interval.ts'
export {
  backgroundClass,
  type Label,
  type LabelProblem,
  type LabelProblemCode,
  type LabelRange,
  type LabelRow,
  labelsToSteps,
  type ParsedLabels,
  parseLabelRows,
  parseRfc3339,
  unknownClass,
} from './labels.ts'
export {
  checkProcess,
  type ProcessDraft,
  type ProcessLevel,
  type ProcessProblem,
  type ProcessTree,
  type ProcessVersion,
  parseProcess,
  processLevels,
  stepsOfLevel,
  versionInForce,
} from './process.ts'
export { intersectionOverUnion, mergeRanges, overlapMs, type Range, subtractRanges } from './range.ts'
export { planSwitch, type Release, releaseInForce, type Switch, switchWaitsAtMostMs } from './release.ts'
export {
  type CurrentInterval,
  type IntervalContent,
  type PinnedInterval,
  type Proposal,
  reviseWindow,
  type WindowRevision,
} from './revision.ts'
export { type WidenedWindow, widenWindow } from './revision-window.ts'
export {
  type ClockSource,
  clockSources,
  durationSeconds,
  mediaStartSeconds,
  type Placement,
  type Segment,
  type SegmentFacts,
  type SenderReport,
} from './segment.ts'
export {
  advanceSlot,
  type ChainLink,
  type EmbeddingState,
  embeddingStates,
  type Frontier,
  frontier,
  type Lateness,
  lateAfterMs,
  lateness,
  type SlotEvent,
  type SlotKey,
  watermark,
} from './slots.ts'
export {
  type EmbeddedSpan,
  layTimeline,
  slotOf,
  slotStartMs,
  type TimelineSlot,
  type TimelineView,
  type ViewPosition,
} from './timeline.ts'
