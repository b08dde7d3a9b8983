export { associateCycles } from './association/associate-cycles.ts'
export { associationGaps, associationRules, type CycleAssociation } from './association/association.ts'
export { type MesEvent, type MesEventType, mesEventTypes, mesEventValues } from './association/mes-event.ts'
export { belongingTo } from './belonging-to.ts'
export { type CameraState, cameraStates, type Transport, transports } from './camera.ts'
export { encodeFeedToken, type Feed, type FeedToken, parseFeedToken, readerMustRestart } from './changes.ts'
export { checkProcess } from './check-process.ts'
export { openClock, type SessionClock } from './clock.ts'
export { correctTiming } from './correction/correct-timing.ts'
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
export type { TaskRule } from './cycle-flags.ts'
export {
  type CycleCarry,
  type CycleDraft,
  type CycleRule,
  type CycleTime,
  cycleRuleOf,
  cyclesOf,
  noCycleYet,
} from './cycles.ts'
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
  AdaptationId,
  CameraId,
  CycleId,
  DiscoveryId,
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
export {
  type Censoring,
  censorings,
  closeInterval,
  type DecodedInterval,
  type DurationSource,
  type Evidence,
  evidences,
} from './interval.ts'
export type { IntervalMotion } from './interval-motions.ts'
export { type LabelRow, type ParsedLabels, parseLabelRows } from './label-rows.ts'
export {
  backgroundClass,
  type Label,
  type LabelRange,
  labelOccurrences,
  labelsToSteps,
  unknownClass,
} from './labels.ts'
export { matchOccurrences, sameOccurrenceIou } from './match-occurrences.ts'
export { parseProcess } from './parse-process.ts'
export { type ClockDiagnosis, placeSegment } from './place-segment.ts'
export type { LabelProblem, LabelProblemCode, ProcessProblem, ProcessProblemCode } from './problems.ts'
export {
  type ProcessDraft,
  type ProcessLevel,
  type ProcessTree,
  type ProcessVersion,
  processLevels,
  stepsOfLevel,
  versionInForce,
} from './process.ts'
export { intersectionOverUnion, mergeRanges, overlapMs, type Range, subtractRanges } from './range.ts'
export { planSwitch, type Release, releaseInForce, type Switch, switchWaitsAtMostMs } from './release.ts'
export {
  type CurrentInterval,
  type PinnedInterval,
  type Proposal,
  reviseWindow,
  type WindowRevision,
} from './revision.ts'
export { type WidenedWindow, widenWindow } from './revision-window.ts'
export { parseRfc3339 } from './rfc3339.ts'
export {
  type ClockSource,
  clockSources,
  durationSeconds,
  mediaEndSeconds,
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
export { type TaskTime, taskTimes } from './task-times.ts'
export {
  type EmbeddedSpan,
  layTimeline,
  nearestSlot,
  settledThroughSlot,
  slotOf,
  slotStartMs,
  type TimelineSlot,
  type TimelineView,
  type ViewPosition,
} from './timeline.ts'
export { type TrainingMethod, trainingMethods } from './training-methods.ts'
export type { IntervalContent } from './trim-interval.ts'
export { uuidRandomBytes, uuidV7 } from './uuid.ts'
