export { type TrainingMethod, trainingMethods } from '@takt/domain'
export { type ChosenHead, chooseHead } from './choose-head.ts'
export { type DescribedRecording, describeRecording } from './describe-recording.ts'
export { type Describer, encoderDescriber, hogDescriber } from './describer.ts'
export { cyclesSvg } from './discovery/cycles-picture.ts'
export { type DiscoveryScores, scoreDiscovery } from './discovery/score-discovery.ts'
export { RECORDING_ERRORS, RecordingError, type RecordingErrorCode } from './errors.ts'
export { type Evaluation, type EvaluationRequest, evaluateRecording, headRequest } from './evaluate-recording.ts'
export { type HeadKind, type HeadRequest, headKinds, heads } from './heads.ts'
export { BACKGROUND_NAME, type LabelledRecording, labelledRecording } from './labelled-steps.ts'
export {
  type FineTuned,
  type FineTuneProgress,
  type FineTuneRequest,
  fineTuneEncoder,
} from './learning/fine-tune-encoder.ts'
export { type LearnProgress, type LearnRequest, learnEncoder } from './learning/learn-encoder.ts'
export { renderPng } from './picture/render-png.ts'
export { type Timeline, type TimelineSpan, type TimelineStrip, timelineSvg } from './picture/timeline-svg.ts'
export { type PredictedStep, type Prediction, predictionOf, predictSteps } from './predict-steps.ts'
export { medianScores, type Scores, scorePrediction } from './score-prediction.ts'
export { type EngineOptions, sequenceEngine } from './sequence-engine.ts'
export { parseTimeRange, printTimeRange, type TimeRange, timeOutside } from './time-range.ts'
export { trainInRuntime } from './train-in-runtime.ts'
