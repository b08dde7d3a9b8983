import type { UtcMs } from './grid.ts'

/** A stretch of UTC, `[startUtcMs, endUtcMs)`. */
export interface Range {
  readonly startUtcMs: UtcMs
  readonly endUtcMs: UtcMs
}

/** How much of their time two ranges share, ms. */
export const overlapMs = (a: Range, b: Range): number =>
  Math.max(0, Math.min(a.endUtcMs, b.endUtcMs) - Math.max(a.startUtcMs, b.startUtcMs))

/** Shared time over joint time, 0 … 1: how well two intervals agree. */
export function intersectionOverUnion(a: Range, b: Range): number {
  const shared = overlapMs(a, b)
  const joint = a.endUtcMs - a.startUtcMs + (b.endUtcMs - b.startUtcMs) - shared
  return joint > 0 ? shared / joint : 0
}

/** The least set of ranges, in order, that covers the same time; ranges that touch become one. */
export function mergeRanges(ranges: readonly Range[]): readonly Range[] {
  const merged: Range[] = []
  for (const range of ranges.toSorted((a, b) => a.startUtcMs - b.startUtcMs)) {
    if (range.endUtcMs <= range.startUtcMs) continue
    const last = merged.at(-1)
    if (!last || range.startUtcMs > last.endUtcMs)
      merged.push({ startUtcMs: range.startUtcMs, endUtcMs: range.endUtcMs })
    else if (range.endUtcMs > last.endUtcMs) merged[merged.length - 1] = { ...last, endUtcMs: range.endUtcMs }
  }
  return merged
}

/** What remains of a window without the given ranges, in order. */
export function subtractRanges(window: Range, ranges: readonly Range[]): readonly Range[] {
  const rest: Range[] = []
  let from = window.startUtcMs
  for (const range of mergeRanges(ranges)) {
    if (range.startUtcMs >= window.endUtcMs) break
    if (range.startUtcMs > from) rest.push({ startUtcMs: from, endUtcMs: range.startUtcMs })
    from = Math.max(from, range.endUtcMs)
  }
  if (from < window.endUtcMs) rest.push({ startUtcMs: from, endUtcMs: window.endUtcMs })
  return rest
}
