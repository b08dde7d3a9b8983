import { stepMs } from '@takt/domain'
import { advance, type CrossValidation, fitHead, flush, type Interval, openDecoder, type TimeStep } from '@takt/steps'
import type { LabelledRecording } from './labelled-steps.ts'

/** An occurrence of a step as the head found it, seconds of the recording. */
export interface PredictedStep {
  readonly step: string
  readonly startSeconds: number
  readonly endSeconds: number
  /** Mean posterior probability of the step over its time. */
  readonly confidence: number
  /** Root mean square errors of the borders under their posterior; null where the recording cuts the step. */
  readonly startSdSeconds: number | null
  readonly endSdSeconds: number | null
}

export interface Prediction {
  readonly steps: readonly PredictedStep[]
  /** The head's class of each time step. */
  readonly labels: Int16Array
  readonly crossValidation: CrossValidation | null
  readonly fitSeconds: number
}

const VIEW = 'recording'
const SECONDS_PER_STEP = stepMs / 1000

/** Fits a head to the training ranges and reads the whole recording with it. Throws what fitting throws. */
export async function predictSteps(
  features: readonly Float32Array[],
  { classes, training }: LabelledRecording,
  signal: AbortSignal,
): Promise<Prediction> {
  const steps = features.map((x): TimeStep => ({ kind: 'observed', views: { [VIEW]: x } }))
  const startedMs = performance.now()
  const processOrder = classes.slice(1).map((_, index) => index + 1)
  const sequences = [{ steps, labels: training }]
  const { head, crossValidation } = await fitHead({ sequences, classes, options: { processOrder }, signal })
  const fitSeconds = (performance.now() - startedMs) / 1000
  const { state, finals } = advance(head, openDecoder(head, 0), steps)
  const intervals = [...finals, ...flush(head, state).finals]
  return { steps: intervals.map(printed), labels: labelsOf(intervals, steps.length), crossValidation, fitSeconds }
}

function printed(interval: Interval): PredictedStep {
  const { step, confidence, startStep, endStep, startSdSeconds, endSdSeconds } = interval
  return {
    step,
    startSeconds: startStep * SECONDS_PER_STEP + interval.startOffsetSeconds,
    endSeconds: endStep * SECONDS_PER_STEP + interval.endOffsetSeconds,
    confidence,
    startSdSeconds,
    endSdSeconds,
  }
}

function labelsOf(intervals: readonly Interval[], length: number): Int16Array {
  const labels = new Int16Array(length)
  for (const { classIndex, startStep, endStep } of intervals) labels.fill(classIndex, startStep, endStep)
  return labels
}
