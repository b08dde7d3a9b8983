import { checkFeatures } from './check-features.ts'
import { StepsError } from './errors.ts'

/** Mean and variance of each feature over a training set, `[dim]`. */
export type Moments = { readonly mean: Float32Array; readonly variance: Float32Array }

/** No feature counts as steadier than this share of the mean variance: a constant feature must not become loud. */
const LEAST_SHARE = 1e-2

/** Moments of a set of vectors, in one pass (Welford 1962); throws `non_finite_features`, `dimension_mismatch`. */
export function trainingMoments(viewId: string, vectors: Iterable<Float32Array>): Moments {
  let count = 0
  let mean = new Float64Array(0)
  let squares = new Float64Array(0)
  for (const x of vectors) {
    if (count === 0) {
      mean = new Float64Array(x.length)
      squares = new Float64Array(x.length)
    }
    checkFeatures(x, { viewId, dim: mean.length, step: count })
    count++
    for (let j = 0; j < x.length; j++) {
      const delta = x[j]! - mean[j]!
      mean[j]! += delta / count
      squares[j]! += delta * (x[j]! - mean[j]!)
    }
  }
  if (count === 0 || mean.length === 0) throw new StepsError('view_missing', { viewId })
  const average = squares.reduce((sum, value) => sum + value, 0) / count / mean.length
  const least = average > 0 ? LEAST_SHARE * average : 1
  return { mean: Float32Array.from(mean), variance: Float32Array.from(squares, s => Math.max(s / count, least)) }
}
