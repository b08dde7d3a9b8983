import type { DecodedInterval } from './interval.ts'
import { slotStartMs } from './timeline.ts'

/** A boundary that falls this close to a run's first slot is that slot: two runs must not overlap there. */
const boundarySlack = 4

/**
 * The intervals that belong to a run which starts at `fromSlot`: those with their larger half in it.
 * A start that only jitters around the run's first slot is put on it.
 */
export function belongingTo(fromSlot: number, intervals: readonly DecodedInterval[]): DecodedInterval[] {
  return intervals
    .filter(interval => interval.startSlot + interval.endSlot > 2 * fromSlot)
    .map(interval => {
      const early = fromSlot - interval.startSlot
      const earlyMs = slotStartMs(fromSlot) - interval.startUtcMs
      if (earlyMs <= 0 || early > boundarySlack) return interval
      return {
        ...interval,
        startSlot: Math.max(interval.startSlot, fromSlot),
        startUtcMs: interval.startUtcMs + earlyMs,
        durationMs: interval.durationMs === null ? null : interval.durationMs - earlyMs,
      }
    })
}
