import type { FeatureRows } from './feature-rows.ts'

/** Share of the whole recording's variance that every window has at least: a still picture is not blown up to work. */
const VARIANCE_FLOOR = 0.1

/**
 * Running normalisation of a whole recording, by what lies within `reachSteps` on both sides of a step and inside the
 * recording: light and camera drift cancel, the work of about a cycle remains.
 *
 *   z_t = (x_t − m_t) / √(v_t + floor · σ²),   m_t, v_t over [t − reach, t + reach],   σ² over the recording
 *
 * It looks as far ahead as back, which a live station cannot: normalise.ts is the bounded form. Rows → rows.
 */
export function normaliseCentred({ values, dim }: FeatureRows, reachSteps: number): FeatureRows {
  const length = values.length / dim
  const z = new Float32Array(values.length)
  const whole = columnMoments(values, dim)
  const sum = new Float64Array(dim)
  const squares = new Float64Array(dim)
  const shift = (step: number, sign: 1 | -1) => {
    for (let j = 0; j < dim; j++) {
      // About the whole's mean, so that a sum of squares loses no digits to a large mean.
      const x = values[step * dim + j]! - whole.mean[j]!
      sum[j]! += sign * x
      squares[j]! += sign * x * x
    }
  }
  for (let step = 0; step < Math.min(reachSteps, length); step++) shift(step, 1)
  for (let step = 0; step < length; step++) {
    if (step + reachSteps < length) shift(step + reachSteps, 1)
    if (step - reachSteps > 0) shift(step - reachSteps - 1, -1)
    const count = Math.min(length, step + reachSteps + 1) - Math.max(0, step - reachSteps)
    for (let j = 0; j < dim; j++) {
      const mean = sum[j]! / count
      const variance = Math.max(0, squares[j]! / count - mean * mean)
      const at = step * dim + j
      z[at] = (values[at]! - whole.mean[j]! - mean) / Math.sqrt(variance + VARIANCE_FLOOR * whole.variance[j]!)
    }
  }
  return { values: z, dim }
}

/** A dimension that never changes has this much variance, so that it is normalised to zero. */
const LEAST_VARIANCE = 1e-12

function columnMoments(values: Float32Array, dim: number) {
  const length = values.length / dim
  const mean = new Float64Array(dim)
  const variance = new Float64Array(dim)
  for (let at = 0; at < values.length; at++) mean[at % dim]! += values[at]! / length
  for (let at = 0; at < values.length; at++) variance[at % dim]! += (values[at]! - mean[at % dim]!) ** 2 / length
  return { mean, variance: variance.map(v => v + LEAST_VARIANCE) }
}
