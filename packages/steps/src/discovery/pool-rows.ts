import { type FeatureRows, rowCount } from '../temporal-head/feature-rows.ts'

/** Means of `factor` rows each; a rest of fewer is left out. */
export function poolRows({ values, dim }: FeatureRows, factor: number): FeatureRows {
  const pooled = new Float32Array(Math.floor(rowCount({ values, dim }) / factor) * dim)
  for (let at = 0; at < pooled.length * factor; at++) {
    pooled[Math.floor(at / (dim * factor)) * dim + (at % dim)]! += values[at]! / factor
  }
  return { values: pooled, dim }
}
