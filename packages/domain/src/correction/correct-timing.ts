import type { UtcMs } from '../grid.ts'
import type { Censoring } from '../interval.ts'
import type { IntervalContent } from '../trim-interval.ts'

/** What a person says of an interval; what is left out stays. */
export interface TimingCorrection {
  readonly startUtcMs?: UtcMs | undefined
  readonly endUtcMs?: UtcMs | undefined
  readonly step?: string | undefined
}

type Timing = Pick<
  IntervalContent,
  'step' | 'startUtcMs' | 'endUtcMs' | 'durationMs' | 'durationSource' | 'confidence' | 'censored'
> & { readonly motions?: IntervalContent['motions'] | null }

/**
 * An interval as a person corrected it. A person who sets an end has seen it: it is cut off no longer. An end that was
 * set has no media time, so the duration becomes a difference of UTC; while the other end is cut off there is none. An
 * interval whose times or step were corrected has no motions any more: they were found between the old ends.
 */
export function correctTiming<One extends Timing>(timing: One, correction: TimingCorrection): One {
  const { startUtcMs = timing.startUtcMs, endUtcMs = timing.endUtcMs, step = timing.step } = correction
  const moved = startUtcMs !== timing.startUtcMs || endUtcMs !== timing.endUtcMs
  const censored = seen(timing.censored, correction)
  const measured = moved || censored !== timing.censored
  const whole = censored === 'none'
  const motions = measured || step !== timing.step ? undefined : timing.motions
  return {
    ...timing,
    step,
    startUtcMs,
    endUtcMs,
    censored,
    confidence: 1,
    durationMs: !whole ? null : measured ? endUtcMs - startUtcMs : timing.durationMs,
    durationSource: !whole ? null : measured ? 'utc' : timing.durationSource,
    motions,
  }
}

function seen(censored: Censoring, { startUtcMs, endUtcMs }: TimingCorrection): Censoring {
  const start = startUtcMs === undefined && (censored === 'start' || censored === 'both')
  const end = endUtcMs === undefined && (censored === 'end' || censored === 'both')
  return start && end ? 'both' : start ? 'start' : end ? 'end' : 'none'
}
