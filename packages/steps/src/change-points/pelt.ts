import { StepsError } from '../errors.ts'
import type { SegmentCosts } from './segment-costs.ts'

/** What a change costs, and samples that a segment has at least. */
export type PeltOptions = { readonly penalty: number; readonly leastSize: number }

/**
 * The change points of least cost under a penalty, exactly, by PELT (Killick, Fearnhead & Eckley 2012): with F(0) = −β,
 *   F(t) = min_{s ≤ t − m} F(s) + C(s, t) + β
 * A start s with F(s) + C(s,t) > F(t) never again beats t. It goes once t itself may start a segment, m samples on; to
 * drop it at once, as is often done, loses the optimum now and then. Returns the first samples of the segments after
 * the first one. Throws `option_out_of_range`.
 */
export function pelt(costs: SegmentCosts, { penalty, leastSize }: PeltOptions): readonly number[] {
  const { length, endingAt } = costs
  refuseOptions(length, { penalty, leastSize })
  const best = new Float64Array(length + 1).fill(Infinity)
  const cameFrom = new Int32Array(length + 1)
  /** Where a start goes, by start. */
  const goesAt = new Int32Array(length + 1).fill(length + 1)
  const starts = new Int32Array(length + 1)
  const found = new Float64Array(length + 1)
  let count = 1
  best[0] = -penalty
  for (let end = 1; end <= length; end++) {
    count = keepLive(starts, count, goesAt, end)
    const entering = end - leastSize
    if (entering >= leastSize) starts[count++] = entering
    endingAt(end, starts.subarray(0, count), found)
    if (end < leastSize) continue
    for (let i = 0; i < count; i++) {
      found[i]! += best[starts[i]!]!
      if (found[i]! + penalty >= best[end]!) continue
      best[end] = found[i]! + penalty
      cameFrom[end] = starts[i]!
    }
    for (let i = 0; i < count; i++) {
      const start = starts[i]!
      if (found[i]! > best[end]!) goesAt[start] = Math.min(goesAt[start]!, end + leastSize)
    }
  }
  return traceBack(cameFrom)
}

/** Drops the starts whose time has come, in place; returns how many are left. */
function keepLive(starts: Int32Array, count: number, goesAt: Int32Array, end: number): number {
  let kept = 0
  for (let i = 0; i < count; i++) if (goesAt[starts[i]!]! > end) starts[kept++] = starts[i]!
  return kept
}

function traceBack(cameFrom: Int32Array): readonly number[] {
  const changes: number[] = []
  for (let at = cameFrom.at(-1)!; at > 0; at = cameFrom[at]!) changes.push(at)
  return changes.reverse()
}

function refuseOptions(length: number, { penalty, leastSize }: PeltOptions): void {
  if (!(penalty >= 0 && penalty < Infinity)) throw new StepsError('option_out_of_range', { penalty })
  if (!(Number.isInteger(leastSize) && leastSize >= 1 && leastSize <= length))
    throw new StepsError('option_out_of_range', { leastSize, samples: length })
}
