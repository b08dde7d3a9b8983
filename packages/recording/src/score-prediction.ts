import { stepMs } from '@takt/domain'
import {
  editScore,
  type FrameLabels,
  frameAccuracy,
  type LabelSpan,
  matchIntervals,
  quantile,
  segmentalF1,
  timeErrors,
} from '@takt/steps'
import type { LabelledRecording } from './labelled-steps.ts'
import type { Prediction } from './predict-steps.ts'
import type { TimeRange } from './time-range.ts'

/** How a prediction agrees with the labels of the tested time: percentages, seconds; null where there is nothing to say. */
export interface Scores {
  readonly accuracy: number | null
  readonly edit: number | null
  readonly f1At10: number | null
  readonly f1At25: number | null
  readonly f1At50: number | null
  /** Absolute errors of the borders of steps that were found. */
  readonly medianBoundarySeconds: number | null
  readonly p95BoundarySeconds: number | null
  /** Share of the tested steps that were found, in percent: paired with one of the same name that overlaps it. */
  readonly recall: number | null
  readonly meanDurationErrorSeconds: number | null
  readonly testedSteps: number
}

const BACKGROUND = 0
const STEPS_PER_SECOND = 1000 / stepMs

/** Compares within the tested ranges; a step that reaches across the edge of one is judged by frames alone. */
export function scorePrediction(
  { truth }: LabelledRecording,
  spans: readonly LabelSpan[],
  prediction: Omit<Prediction, 'seconds'>,
  tested: readonly TimeRange[],
): Scores {
  const frames = tested.map(range => framesWithin(range, truth, prediction.labels))
  const isTested = (span: { readonly start: number; readonly end: number }) =>
    tested.some(({ startSeconds, endSeconds }) => startSeconds <= span.start && span.end <= endSeconds)
  const truths = spans.map(({ label, startSeconds, endSeconds }) => ({
    step: label,
    start: startSeconds,
    end: endSeconds,
  }))
  const found = prediction.steps.map(({ step, startSeconds, endSeconds }) => ({
    step,
    start: startSeconds,
    end: endSeconds,
  }))
  const { matched, missed } = matchIntervals(truths, found)
  const pairs = matched.filter(pair => isTested(pair.truth))
  const testedSteps = pairs.length + missed.filter(isTested).length
  const errors = timeErrors(pairs)
  return {
    accuracy: frameAccuracy(frames),
    edit: editScore(frames, [BACKGROUND]),
    f1At10: segmentalF1(frames, 0.1, [BACKGROUND]),
    f1At25: segmentalF1(frames, 0.25, [BACKGROUND]),
    f1At50: segmentalF1(frames, 0.5, [BACKGROUND]),
    medianBoundarySeconds: errors.medianBoundary,
    p95BoundarySeconds: errors.p95Boundary,
    recall: testedSteps === 0 ? null : (100 * pairs.length) / testedSteps,
    meanDurationErrorSeconds: errors.meanDuration,
    testedSteps,
  }
}

/** The median of each score over runs of different seeds. */
export function medianScores(runs: readonly Scores[]): Scores {
  const names = Object.keys(runs[0]!) as (keyof Scores)[]
  const median = (name: keyof Scores) =>
    quantile(
      runs.map(run => run[name]).filter(value => value !== null),
      0.5,
    )
  return Object.fromEntries(names.map(name => [name, median(name)])) as unknown as Scores
}

function framesWithin({ startSeconds, endSeconds }: TimeRange, truth: Int16Array, predicted: Int16Array): FrameLabels {
  const [from, to] = [Math.ceil(startSeconds * STEPS_PER_SECOND), Math.floor(endSeconds * STEPS_PER_SECOND)]
  return { truth: truth.slice(from, to), predicted: predicted.slice(from, to) }
}
