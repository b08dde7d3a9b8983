import { dot } from './dot.ts'
import { leastSquares } from './least-squares.ts'

/** Grey levels: a smaller spread is noise and rounding. */
const leastScale = 1

/** Beyond so many deviations an observation counts for nothing: 95 % efficient where errors are normal. */
const reach = 4.685

/** Tukey's biweights of residuals, their scale being 1.4826 times the median of their magnitudes. */
function tukeyWeights(residuals: readonly number[]): Float64Array<ArrayBuffer> {
  const scale = Math.max(leastScale, 1.4826 * median(residuals.map(Math.abs)))
  return Float64Array.from(residuals, residual => {
    const share = (residual / (reach * scale)) ** 2
    return share < 1 ? (1 - share) ** 2 : 0
  })
}

/** The upper one of the two in the middle where there are two; 0 of none. */
export const median = (values: readonly number[]): number =>
  values.length === 0 ? 0 : Float64Array.from(values).sort()[values.length >> 1]!

const reweightings = 5

/**
 * The factors of rows that lie closest to targets, and each row's weight: least squares, reweighted by Tukey's biweight,
 * so that a part of the picture in which something came or went counts for nothing. `residuals` are those of a first
 * guess: least squares alone would begin at what outliers of great leverage say, such as a bright thing, and stay there.
 */
export function robustFit(
  rows: readonly Float64Array[],
  targets: readonly number[],
  residuals: readonly number[],
): { readonly factors: Float64Array; readonly weights: Float64Array } {
  const width = rows[0]?.length ?? 0
  let factors = new Float64Array(width)
  let weights = tukeyWeights(residuals)
  for (let round = 0; round < reweightings; round++) {
    const system = leastSquares(width)
    for (const [i, row] of rows.entries()) system.add(row, targets[i]!, weights[i]!)
    factors = system.solve()
    weights = tukeyWeights(rows.map((row, i) => targets[i]! - dot(row, factors)))
  }
  return { factors, weights }
}
