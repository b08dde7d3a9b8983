import type { IntervalMatch, Span } from './match-intervals.ts'
import { mean } from './mean.ts'

export type DurationErrors = {
  /** Mean absolute error of the durations, in the unit of the spans (seconds, as a rule). */
  readonly meanAbsolute: number | null
  /** Mean of each absolute error as a percentage of its true duration. */
  readonly meanPercent: number | null
}

/**
 * How wrong durations are, over matched pairs: of steps, or of cycles where the spans are whole cycles of one name.
 * Null without a match.
 */
export function durationErrors<T extends Span, P extends Span>(
  matched: IntervalMatch<T, P>['matched'],
): DurationErrors {
  const durations = matched.map(({ truth, predicted }) => {
    const duration = truth.end - truth.start
    return { duration, error: Math.abs(predicted.end - predicted.start - duration) }
  })
  return {
    meanAbsolute: mean(durations.map(({ error }) => error)),
    meanPercent: mean(durations.map(({ error, duration }) => (100 * error) / duration)),
  }
}
