import { checkFeatures } from '../check-features.ts'
import { StepsError } from '../errors.ts'

/** One vector a time step, row by row: values `[time, dim]`. */
export type FeatureRows = { readonly values: Float32Array; readonly dim: number }

/** Vectors as rows. Throws `dimension_mismatch` or `non_finite_features`, naming the step. */
export function featureRows(vectors: readonly Float32Array[]): FeatureRows {
  const dim = vectors[0]?.length ?? 0
  if (dim === 0) throw new StepsError('dimension_mismatch', { step: 0, got: dim })
  const values = new Float32Array(vectors.length * dim)
  for (const [step, vector] of vectors.entries()) {
    checkFeatures(vector, { viewId: 'recording', dim, step })
    values.set(vector, step * dim)
  }
  return { values, dim }
}

export const rowCount = ({ values, dim }: FeatureRows): number => values.length / dim
