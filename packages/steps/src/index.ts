export { type FixedCountOptions, fixedCountChangePoints } from './change-points/fixed-count.ts'
export { normalCosts } from './change-points/normal-costs.ts'
export { type PeltOptions, pelt } from './change-points/pelt.ts'
export { medianGamma, rbfCosts } from './change-points/rbf-costs.ts'
export type { SegmentCosts, Signal } from './change-points/segment-costs.ts'
export { squaredErrorCosts } from './change-points/squared-error-costs.ts'
export { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts'
export type { CrossValidation } from './cross-validate.ts'
export { type Advance, advance, cut, flush } from './decoder.ts'
export { type DecoderState, openDecoder } from './decoder-state.ts'
export type { CycleEvidence, NoCycles } from './discovery/discover-cycles.ts'
export {
  type DiscoveredCycle,
  type DiscoveredInterval,
  type DiscoveredWork,
  type DiscoveryRequest,
  discoverWork,
} from './discovery/discover-work.ts'
export { StepsError, type StepsFault } from './errors.ts'
export { isFamiliar } from './familiarity.ts'
export { type FitProgress, type FitRequest, type FittedHead, fitHead } from './fit-head.ts'
export type { FitOptions } from './fit-options.ts'
export { type HeadTensors, headFromTensors, headToTensors } from './head-tensors.ts'
export type { HiddenMarkovModel } from './hmm/hidden-markov.ts'
export { advanceFixedLag, type FixedLagState, openFixedLag } from './hmm/hmm-fixed-lag.ts'
export { type HmmPath, hmmPath } from './hmm/hmm-path.ts'
export { type HmmPosterior, hmmPosterior } from './hmm/hmm-posterior.ts'
export { evidenceOfStates, learnProcess, processModel, type RecordingLaws } from './hmm/process-model.ts'
export { type ProcessStates, processStates } from './hmm/process-states.ts'
export { processTransitions } from './hmm/process-transitions.ts'
export type { ProcessTree } from './hmm/process-tree.ts'
export type { Segment, SemiMarkovModel } from './hmm/semi-markov.ts'
export { advanceFilter, openFilter, type SemiMarkovFilter } from './hmm/semi-markov-filter.ts'
export { semiMarkovPath } from './hmm/semi-markov-path.ts'
export { type SemiMarkovPosterior, semiMarkovPosterior } from './hmm/semi-markov-posterior.ts'
export { hogMotion } from './hog-motion.ts'
export { labelFormats } from './interchange/label-formats.ts'
export type { LabelFormat } from './interchange/label-place.ts'
export { type LabelledVideo, type LabelSpan, MOTION_TIER, TASK_TIER } from './interchange/labelled-video.ts'
export { spansOfTier } from './interchange/spans-of-tier.ts'
export type { Interval, Motion } from './interval.ts'
export { intervalLabels } from './interval-labels.ts'
export { UNKNOWN } from './labelled-runs.ts'
export { type BoundaryErrors, boundaryErrors } from './metrics/boundary-errors.ts'
export { type ClusteringScores, clusteringScores } from './metrics/clustering-scores.ts'
export { type DurationErrors, durationErrors } from './metrics/duration-errors.ts'
export { editScore } from './metrics/edit-score.ts'
export { frameAccuracy } from './metrics/frame-accuracy.ts'
export { type FrameLabels, type LabelSegment, labelSegments } from './metrics/frame-labels.ts'
export type { ClusterMatching } from './metrics/match-clusters.ts'
export { type IntervalMatch, matchIntervals, type Span } from './metrics/match-intervals.ts'
export { quantile } from './metrics/quantile.ts'
export { segmentalF1 } from './metrics/segmental-f1.ts'
export { type SegmentationFigures, type SegmentationScores, segmentationScores } from './metrics/segmentation-scores.ts'
export { type TimeErrors, timeErrors } from './metrics/time-errors.ts'
export {
  DECODER_CHOICES,
  type DecoderChoice,
  type FittedSequenceDecoder,
  fitSequenceDecoder,
  type JudgedChoice,
  type SequenceDecoderRequest,
} from './sequence-decoder/fit-sequence-decoder.ts'
export { decodeByPlainHmm, fitPlainHmm, type PlainHmm } from './sequence-decoder/plain-hmm.ts'
export type { ScoredRecording } from './sequence-decoder/scored-recording.ts'
export { decodeScores, refineScores, type SequenceDecoder } from './sequence-decoder/sequence-decoder.ts'
export {
  betterDecoded,
  type ChosenSequenceHead,
  chooseSequenceHead,
  type HeadJudgement,
} from './sequence-head/choose-sequence-head.ts'
export type { FeatureForm, FeatureSequence, LabelledFeatures } from './sequence-head/feature-sequence.ts'
export { featureStandard } from './sequence-head/feature-standard.ts'
export {
  type FitProgress as SequenceFitProgress,
  fitSequenceHead,
  type SequenceFit,
} from './sequence-head/fit-sequence-head.ts'
export { epochsOf, type HeadName, type HeadRecipe, headNames, headRecipes } from './sequence-head/head-recipes.ts'
export { type HeldOut, heldOutScores } from './sequence-head/held-out-scores.ts'
export { type JudgedHead, judgeHead, knownOnly } from './sequence-head/judge-head.ts'
export type { ModelScoring, ModelTraining, SequenceEngine } from './sequence-head/sequence-engine.ts'
export { largestClasses, type SequenceHead, scoreSequences } from './sequence-head/sequence-head.ts'
export { BACKGROUND, type StepHead } from './step-head.ts'
export { crossValidateTemporalHead } from './temporal-head/cross-validate-temporal-head.ts'
export {
  fitTemporalHead,
  type LabelledVectors,
  type TemporalFit,
  type TemporalOptions,
} from './temporal-head/fit-temporal-head.ts'
export { mostProbableClasses, type Reading, readRecording, type TemporalHead } from './temporal-head/temporal-head.ts'
export { type MissingStep, type ObservedStep, STEP_SECONDS, type TimeStep } from './time-step.ts'
export type { TrainingSequence } from './training-sequence.ts'
export { processInOrder } from './transitions.ts'
