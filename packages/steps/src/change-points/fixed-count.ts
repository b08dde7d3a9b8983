import { StepsError } from '../errors.ts'
import type { SegmentCosts } from './segment-costs.ts'

/** How many changes there are, and samples that a segment has at least. */
export type FixedCountOptions = { readonly changeCount: number; readonly leastSize: number }

/**
 * The change points of least cost where their number is known, by dynamic programming over the number of segments
 * (Arlot, Celisse & Harchaoui 2019, section 3): V_c(t) = min_s V_{c−1}(s) + C(s, t). Returns the first samples of the
 * segments after the first one. Cost: n² / 2 segment costs; memory: n · (changes + 1). Throws `option_out_of_range`.
 */
export function fixedCountChangePoints(
  costs: SegmentCosts,
  { changeCount, leastSize }: FixedCountOptions,
): readonly number[] {
  const { length, endingAt } = costs
  if (!(Number.isInteger(leastSize) && leastSize >= 1 && leastSize <= length))
    throw new StepsError('option_out_of_range', { leastSize, samples: length })
  if (!(Number.isInteger(changeCount) && changeCount >= 0 && (changeCount + 1) * leastSize <= length))
    throw new StepsError('option_out_of_range', { changeCount, leastSize, samples: length })
  const width = length + 1
  const best = new Float64Array((changeCount + 1) * width).fill(Infinity)
  const cameFrom = new Int32Array(best.length)
  const starts = Int32Array.from({ length }, (_, start) => start)
  const found = new Float64Array(length)
  for (let end = 1; end <= length; end++) {
    endingAt(end, starts.subarray(0, end), found)
    if (end >= leastSize) best[end] = found[0]!
    for (let changes = 1; changes <= changeCount; changes++) {
      const row = changes * width
      const before = row - width
      for (let start = changes * leastSize; start <= end - leastSize; start++) {
        const cost = best[before + start]! + found[start]!
        if (cost >= best[row + end]!) continue
        best[row + end] = cost
        cameFrom[row + end] = start
      }
    }
  }
  const changePoints: number[] = []
  for (let changes = changeCount, at = length; changes > 0; changes--) {
    at = cameFrom[changes * width + at]!
    changePoints.push(at)
  }
  return changePoints.reverse()
}
