import { longestCycleMs, longestIntervalMs } from '@takt/db'
import { type Censoring, type CycleDraft, type CycleTime, type DecodedInterval, slotOf } from '@takt/domain'

/**
 * Readers look back by the longest interval only, so none is longer: it is cut there and, like any interval whose end
 * was not seen, censored and without a duration.
 */
export function capInterval(interval: DecodedInterval): DecodedInterval {
  const endUtcMs = interval.startUtcMs + longestIntervalMs
  if (interval.endUtcMs <= endUtcMs) return interval
  const censored: Censoring = interval.censored === 'none' || interval.censored === 'end' ? 'end' : 'both'
  return {
    ...interval,
    endUtcMs,
    endSlot: slotOf(endUtcMs),
    durationMs: null,
    durationSource: null,
    motions: undefined,
    censored,
  }
}

/** A cycle that a long standstill stretched past the longest one is cut there, censored; the standstill is what is cut. */
export function capCycle<Draft extends CycleDraft>(draft: Draft): Draft {
  const endUtcMs = draft.startUtcMs + longestCycleMs
  if (draft.endUtcMs === null || draft.endUtcMs <= endUtcMs) return draft
  const time = withoutTime(draft, draft.endUtcMs - endUtcMs)
  return { ...draft, ...time, endUtcMs, durationMs: null, durationSdMs: null, censored: true }
}

/** The time of a cycle less so much: of idle time after its last task first, then of missing video, other idle time, work. */
function withoutTime({ workMs, idleMs, idleAfterMs, unseenMs }: CycleTime, ms: number): CycleTime {
  const after = Math.min(idleAfterMs, ms)
  const unseen = Math.min(unseenMs, ms - after)
  const idle = Math.min(idleMs - after, ms - after - unseen)
  return {
    idleAfterMs: idleAfterMs - after,
    unseenMs: unseenMs - unseen,
    idleMs: idleMs - after - idle,
    workMs: workMs - (ms - after - unseen - idle),
  }
}
