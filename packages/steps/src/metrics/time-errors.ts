import { boundaryErrors } from './boundary-errors.ts'
import { durationErrors } from './duration-errors.ts'
import type { IntervalMatch, Span } from './match-intervals.ts'

/** Errors of matched intervals in the unit of their spans; null without a match. */
export type TimeErrors = {
  readonly medianBoundary: number | null
  readonly p95Boundary: number | null
  /** Mean absolute error of the intervals' durations. */
  readonly meanDuration: number | null
}

/** Absolute errors of the starts and ends, and of the durations, over matched pairs: what was missed is not asked. */
export function timeErrors<T extends Span, P extends Span>(matched: IntervalMatch<T, P>['matched']): TimeErrors {
  const { median, p95 } = boundaryErrors({ matched, missed: [] }, 0)
  return { medianBoundary: median, p95Boundary: p95, meanDuration: durationErrors(matched).meanAbsolute }
}
