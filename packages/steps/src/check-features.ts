import { StepsError } from './errors.ts'

/** Beyond this the square of a feature no longer fits the float32 moments; float16 embeddings end at 65,504. */
const LARGEST = 1e9

/** Refuses features that are not `dim` usable numbers: `dimension_mismatch`, `non_finite_features`. */
export function checkFeatures(x: Float32Array, expected: { viewId: string; dim: number; step: number }): void {
  const { viewId, dim, step } = expected
  if (x.length !== dim) throw new StepsError('dimension_mismatch', { viewId, step, expected: dim, got: x.length })
  for (let index = 0; index < dim; index++) {
    const value = x[index]!
    if (!(Math.abs(value) <= LARGEST)) throw new StepsError('non_finite_features', { viewId, step, index, value })
  }
}
