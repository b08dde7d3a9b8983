import { type FeatureRows, rowCount } from '../temporal-head/feature-rows.ts'

/** Means of the rows within `reach` on both sides and inside the recording. */
export function smoothRows({ values, dim }: FeatureRows, reach: number): FeatureRows {
  const length = rowCount({ values, dim })
  const smooth = new Float32Array(values.length)
  const sum = new Float64Array(dim)
  const add = (t: number, sign: 1 | -1) => {
    for (let j = 0; j < dim; j++) sum[j]! += sign * values[t * dim + j]!
  }
  for (let t = 0; t < Math.min(reach, length); t++) add(t, 1)
  for (let t = 0; t < length; t++) {
    if (t + reach < length) add(t + reach, 1)
    if (t - reach > 0) add(t - reach - 1, -1)
    const count = Math.min(length, t + reach + 1) - Math.max(0, t - reach)
    for (let j = 0; j < dim; j++) smooth[t * dim + j] = sum[j]! / count
  }
  return { values: smooth, dim }
}
