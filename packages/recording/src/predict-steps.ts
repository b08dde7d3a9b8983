import { type Interval, intervalLabels, STEP_SECONDS } from '@takt/steps'
import { type HeadKind, type HeadRequest, heads } from './heads.ts'

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
  /** Time to fit and to read. */
  readonly seconds: number
}

/** Fits a head to the training ranges and reads the whole recording with it. Throws what fitting throws. */
export async function predictSteps(head: HeadKind, request: HeadRequest): Promise<Prediction> {
  const startedMs = performance.now()
  const intervals = await heads[head].read(request)
  const seconds = (performance.now() - startedMs) / 1000
  return { ...predictionOf(intervals, request.features.length), seconds }
}

/** Intervals of a recording of `stepCount` time steps as seconds and as classes. */
export function predictionOf(intervals: readonly Interval[], stepCount: number): Omit<Prediction, 'seconds'> {
  return { steps: intervals.map(printed), labels: intervalLabels(intervals, stepCount) }
}

function printed(interval: Interval): PredictedStep {
  const { step, confidence, startStep, endStep, startSdSeconds, endSdSeconds } = interval
  return {
    step,
    startSeconds: startStep * STEP_SECONDS + interval.startOffsetSeconds,
    endSeconds: endStep * STEP_SECONDS + interval.endOffsetSeconds,
    confidence,
    startSdSeconds,
    endSdSeconds,
  }
}
