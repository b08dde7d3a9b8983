import type { IntervalMatch, Span } from './match-intervals.ts'
import { quantile } from './quantile.ts'

/** Absolute errors of starts and ends, in the unit of the spans (seconds, as a rule). */
export type BoundaryErrors = {
  /** Over the boundaries of matched pairs; null without a match. */
  readonly median: number | null
  readonly p95: number | null
  /** Percentage of all true boundaries, those of missed steps included, that are found within the tolerance; null without truth. */
  readonly recall: number | null
  readonly tolerance: number
}

/** How far the starts and ends of matched steps are off. A missed step has no error, but costs two boundaries of recall. */
export function boundaryErrors<T extends Span, P extends Span>(
  { matched, missed }: Pick<IntervalMatch<T, P>, 'matched' | 'missed'>,
  tolerance: number,
): BoundaryErrors {
  const errors = matched.flatMap(({ truth, predicted }) => {
    return [Math.abs(predicted.start - truth.start), Math.abs(predicted.end - truth.end)]
  })
  const boundaries = 2 * (matched.length + missed.length)
  const found = errors.filter(error => error <= tolerance).length
  return {
    median: quantile(errors, 0.5),
    p95: quantile(errors, 0.95),
    recall: boundaries === 0 ? null : (100 * found) / boundaries,
    tolerance,
  }
}
