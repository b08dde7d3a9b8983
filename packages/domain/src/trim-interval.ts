import type { DecodedInterval } from './interval.ts'
import { overlapMs, type Range, subtractRanges } from './range.ts'
import { nearestSlot } from './timeline.ts'

/** An interval's content: what a revision replaces. */
export type IntervalContent = Omit<DecodedInterval, 'ordinal'>

/** The longest part of an interval that is free of the given ranges, if any. */
export function trimInterval(interval: IntervalContent, taken: readonly Range[]): readonly IntervalContent[] {
  const touching = taken.filter(range => overlapMs(range, interval) > 0)
  if (touching.length === 0) return [interval]
  const [longest] = subtractRanges(interval, touching).toSorted((a, b) => lengthMs(b) - lengthMs(a))
  return longest ? [cutTo(interval, longest)] : []
}

const lengthMs = (range: Range): number => range.endUtcMs - range.startUtcMs

/** An edge that another interval sets has no media time: the duration becomes a difference of UTC, of no motions. */
function cutTo(interval: IntervalContent, { startUtcMs, endUtcMs }: Range): IntervalContent {
  const measured = interval.durationMs !== null
  return {
    ...interval,
    startUtcMs,
    endUtcMs,
    startSlot: nearestSlot(startUtcMs),
    endSlot: Math.max(nearestSlot(startUtcMs) + 1, nearestSlot(endUtcMs)),
    durationMs: measured ? endUtcMs - startUtcMs : null,
    durationSource: measured ? 'utc' : null,
    motions: undefined,
  }
}
