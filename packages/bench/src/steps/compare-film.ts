import { type Interval, matchIntervals, STEP_SECONDS } from '@takt/steps'
import type { TimedFilm } from './time-film.ts'

/** A true step and the interval that was found for it. */
export interface TimedPair {
  readonly step: Interval
  /** Found less true, seconds. */
  readonly startError: number
  readonly endError: number
}

/** Pairs the true steps that lie wholly in the timed part with those found; censored ones are timed by nobody. */
export function compareFilm({ film, fromStep, intervals }: TimedFilm) {
  const fromSeconds = fromStep * STEP_SECONDS
  const truth = film.truth.map(({ step, startSeconds, endSeconds }) => ({ step, start: startSeconds, end: endSeconds }))
  const found = intervals.map(interval => ({
    interval,
    step: interval.step,
    start: interval.startStep * STEP_SECONDS + interval.startOffsetSeconds,
    end: interval.endStep * STEP_SECONDS + interval.endOffsetSeconds,
  }))
  const { matched, missed, extra } = matchIntervals(truth, found)
  const isTimed = ({ start }: { readonly start: number }) => start >= fromSeconds
  const pairs = matched
    .filter(({ truth, predicted: { interval } }) => {
      return isTimed(truth) && !interval.censoredStart && !interval.censoredEnd
    })
    .map(
      ({ truth, predicted }): TimedPair => ({
        step: predicted.interval,
        startError: predicted.start - truth.start,
        endError: predicted.end - truth.end,
      }),
    )
  return {
    pairs,
    stepCount: truth.filter(isTimed).length,
    missed: missed.filter(isTimed).length,
    extra: extra.length,
  }
}
