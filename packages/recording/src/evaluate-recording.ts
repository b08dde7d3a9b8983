import { type LabelSpan, STEP_SECONDS } from '@takt/steps'
import type { DescribedRecording } from './describe-recording.ts'
import { recordingError } from './errors.ts'
import type { HeadKind, HeadRequest } from './heads.ts'
import { labelledRecording } from './labelled-steps.ts'
import { type Prediction, predictSteps } from './predict-steps.ts'
import { type Scores, scorePrediction } from './score-prediction.ts'
import { printTimeRange, type TimeRange, timeOutside } from './time-range.ts'

export interface Evaluation {
  readonly prediction: Prediction
  readonly scores: Scores
}

export interface EvaluationRequest {
  /** One vector a time step. */
  readonly features: DescribedRecording<string>['features'][string]
  readonly spans: readonly LabelSpan[]
  /** What is learnt from; all the rest is predicted and compared. */
  readonly train: readonly TimeRange[]
  readonly head: HeadKind
  /** Networks of a temporal head. */
  readonly seeds: number
  readonly signal: AbortSignal
}

/** Fits on the training ranges, predicts the rest, compares. Throws `nothing-to-test`, and what reading labels and fitting throw. */
export async function evaluateRecording(request: EvaluationRequest): Promise<Evaluation> {
  const { features, spans, train, head } = request
  const tested = timeOutside(train, features.length * STEP_SECONDS)
  if (tested.length === 0) throw recordingError('nothing-to-test', { ranges: train.map(printTimeRange).join(', ') })
  const asked = headRequest(request)
  const prediction = await predictSteps(head, asked)
  return { prediction, scores: scorePrediction(asked.labelled, spans, prediction, tested) }
}

/** What a head is asked for an evaluation. Throws what reading labels throws. */
export function headRequest({ features, spans, train, seeds, signal }: Omit<EvaluationRequest, 'head'>): HeadRequest {
  return { features, labelled: labelledRecording(spans, train, features.length), seeds, signal }
}
