import type { IntervalMatch, Span } from './match-intervals.ts'

/** Errors of matched intervals in the unit of their spans; null without a match. */
export type TimeErrors = {
  readonly medianBoundary: number | null
  readonly p95Boundary: number | null
  /** Mean absolute error of the intervals' durations. */
  readonly meanDuration: number | null
}

/** Absolute errors of the starts and ends, and of the durations, over matched pairs. */
export function timeErrors<T extends Span, P extends Span>(matched: IntervalMatch<T, P>['matched']): TimeErrors {
  const boundaries = matched.flatMap(({ truth, predicted }) => {
    return [Math.abs(predicted.start - truth.start), Math.abs(predicted.end - truth.end)]
  })
  const durations = matched.map(({ truth, predicted }) => {
    return Math.abs(predicted.end - predicted.start - (truth.end - truth.start))
  })
  return {
    medianBoundary: quantile(boundaries, 0.5),
    p95Boundary: quantile(boundaries, 0.95),
    meanDuration: durations.length === 0 ? null : durations.reduce((sum, d) => sum + d, 0) / durations.length,
  }
}

/** Quantile by linear interpolation between order statistics (type 7); null of nothing. */
export function quantile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null
  const sorted = values.toSorted((a, b) => a - b)
  const at = share * (sorted.length - 1)
  const below = sorted[Math.floor(at)]!
  const above = sorted[Math.ceil(at)]!
  return below + (at - Math.floor(at)) * (above - below)
}
