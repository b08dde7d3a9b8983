import {
  type ClusteringScores,
  clusteringScores,
  type DiscoveredWork,
  durationErrors,
  type LabelSpan,
  matchIntervals,
  type Span,
  STEP_SECONDS,
} from '@takt/steps'
import { labelledRecording } from '../labelled-steps.ts'

/** How discovered work agrees with labels that it has not seen. */
export interface DiscoveryScores {
  /** Whole cycles that the labels tell of: from one start of the cycle's first step to the next, the last to its last step's end. */
  readonly trueCycles: number
  readonly foundCycles: number
  /** Over cycles that were found, in percent of the true time and in seconds; null where none was. */
  readonly cycleTimeErrorPercent: number | null
  readonly cycleTimeErrorSeconds: number | null
  /** After matching discovered steps to labels once for the recording (Hungarian). */
  readonly steps: Pick<ClusteringScores['pooled'], 'accuracy' | 'edit' | 'f1At10' | 'f1At25' | 'f1At50'>
}

export interface ScoredDiscovery {
  readonly work: DiscoveredWork & { readonly found: true }
  readonly spans: readonly LabelSpan[]
  /** The label that opens every cycle. */
  readonly opening: string
  readonly lengthSeconds: number
}

const BACKGROUND = 0

/** Compares cycles by their times and steps by what they cover. Throws what reading labels throws. */
export function scoreDiscovery({ work, spans, opening, lengthSeconds }: ScoredDiscovery): DiscoveryScores {
  const stepCount = Math.ceil(lengthSeconds / STEP_SECONDS)
  const whole = [{ startSeconds: 0, endSeconds: stepCount * STEP_SECONDS }]
  const { truth } = labelledRecording(spans, whole, stepCount)
  const predicted = new Int16Array(stepCount)
  for (const { step, startSeconds, endSeconds } of work.cycles.flatMap(({ steps }) => steps)) {
    predicted.fill(step, Math.round(startSeconds / STEP_SECONDS), Math.round(endSeconds / STEP_SECONDS))
  }
  const { accuracy, edit, f1At10, f1At25, f1At50 } = clusteringScores([{ truth, predicted }], 'global', [
    BACKGROUND,
  ]).pooled
  const trueCycles = labelledCycles(spans, opening)
  const found = work.cycles.filter(cycle => cycle.whole).map(cycle => asSpan(cycle.startSeconds, cycle.endSeconds))
  const { matched } = matchIntervals(trueCycles, found)
  const errors = durationErrors(matched)
  return {
    trueCycles: trueCycles.length,
    foundCycles: found.length,
    cycleTimeErrorPercent: errors.meanPercent,
    cycleTimeErrorSeconds: errors.meanAbsolute,
    steps: { accuracy, edit, f1At10, f1At25, f1At50 },
  }
}

const asSpan = (start: number, end: number): Span => ({ step: 'cycle', start, end })

function labelledCycles(spans: readonly LabelSpan[], opening: string): readonly Span[] {
  const starts = spans.filter(({ label }) => label === opening).map(({ startSeconds }) => startSeconds)
  const inOrder = starts.toSorted((a, b) => a - b)
  const end = Math.max(...spans.map(({ endSeconds }) => endSeconds))
  return inOrder.map((start, index) => asSpan(start, inOrder[index + 1] ?? end))
}
