import { longestCycleMs, longestIntervalMs } from '@takt/db'
import { type Censoring, type CycleDraft, type DecodedInterval, slotOf } from '@takt/domain'

/**
 * Readers look back by the longest interval only, so none is longer: it is cut there and, like any interval whose end
 * was not seen, censored and without a duration.
 */
export function capInterval(interval: DecodedInterval): DecodedInterval {
  const endUtcMs = interval.startUtcMs + longestIntervalMs
  if (interval.endUtcMs <= endUtcMs) return interval
  const censored: Censoring = interval.censored === 'none' || interval.censored === 'end' ? 'end' : 'both'
  return { ...interval, endUtcMs, endSlot: slotOf(endUtcMs), durationMs: null, durationSource: null, censored }
}

/** A cycle that a long standstill stretched past the longest one is cut there, censored. */
export function capCycle<Draft extends CycleDraft>(draft: Draft): Draft {
  const endUtcMs = draft.startUtcMs + longestCycleMs
  if (draft.endUtcMs === null || draft.endUtcMs <= endUtcMs) return draft
  return { ...draft, endUtcMs, durationMs: null, durationSdMs: null, censored: true }
}
