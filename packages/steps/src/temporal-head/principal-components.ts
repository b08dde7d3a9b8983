import { random } from '@takt/nn'
import type { FeatureRows } from './feature-rows.ts'
import { roughlyNormal } from './roughly-normal.ts'

/** Directions of most variance, orthonormal rows `[component, dim]`, and one scale for all of them. */
export type PrincipalComponents = {
  readonly dim: number
  readonly directions: Float32Array
  /** Brings projections to a mean square of 1, together: each for itself would be whitening, which drowns work in noise. */
  readonly scale: number
}

/** Two or three suffice where singular values fall slowly; the last directions need not have converged. */
const ROUNDS = 3

/**
 * About the span of the `count` first principal components of rows of mean near zero, by orthogonal iteration from a
 * random start, V ← orth(Xᵀ X V): Halko, Martinsson & Tropp, 2011, algorithm 4.4. Fewer where rows or dimensions are
 * fewer.
 */
export function principalComponents(recordings: readonly FeatureRows[], count: number): PrincipalComponents {
  const { values, dim } = joined(recordings)
  const length = values.length / dim
  const kept = Math.min(count, dim, length)
  const draw = random(1, 'principal components')
  const directions = Float32Array.from({ length: kept * dim }, () => roughlyNormal(draw))
  orthonormalise(directions, dim)
  for (let round = 0; round < ROUNDS; round++) {
    const projected = times(values, directions, dim)
    directions.fill(0)
    for (let step = 0; step < length; step++) {
      const x = values.subarray(step * dim, (step + 1) * dim)
      for (let k = 0; k < kept; k++) {
        const share = projected[step * kept + k]!
        const row = k * dim
        for (let j = 0; j < dim; j++) directions[row + j]! += share * x[j]!
      }
    }
    orthonormalise(directions, dim)
  }
  const projected = times(values, directions, dim)
  const square = projected.reduce((sum, value) => sum + value * value, 0) / projected.length
  return { dim, directions, scale: square > 0 ? 1 / Math.sqrt(square) : 1 }
}

function joined(recordings: readonly FeatureRows[]): FeatureRows {
  if (recordings.length === 1) return recordings[0]!
  const values = new Float32Array(recordings.reduce((sum, { values }) => sum + values.length, 0))
  let at = 0
  for (const { values: own } of recordings) {
    values.set(own, at)
    at += own.length
  }
  return { values, dim: recordings[0]!.dim }
}

/** Rows in the span of the components, scaled: `[time, component]`. */
export function project({ values, dim }: FeatureRows, { directions, scale }: PrincipalComponents): FeatureRows {
  return { values: times(values, directions, dim).map(value => value * scale), dim: directions.length / dim }
}

/** Products of each row with each direction, `[time, direction]`; four partial sums, none of which waits for another. */
function times(values: Float32Array, directions: Float32Array, dim: number): Float32Array {
  const [length, count] = [values.length / dim, directions.length / dim]
  const products = new Float32Array(length * count)
  for (let step = 0; step < length; step++) {
    const x = values.subarray(step * dim, (step + 1) * dim)
    for (let k = 0; k < count; k++) products[step * count + k] = dot(directions.subarray(k * dim, (k + 1) * dim), x)
  }
  return products
}

function dot(a: Float32Array, b: Float32Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0]
  let j = 0
  for (; j + 4 <= a.length; j += 4) {
    s0 += a[j]! * b[j]!
    s1 += a[j + 1]! * b[j + 1]!
    s2 += a[j + 2]! * b[j + 2]!
    s3 += a[j + 3]! * b[j + 3]!
  }
  for (; j < a.length; j++) s0 += a[j]! * b[j]!
  return s0 + s1 + s2 + s3
}

/** Rows made orthonormal in their order (modified Gram–Schmidt); one that depends on those before it becomes zero. */
function orthonormalise(rows: Float32Array, dim: number): void {
  for (let at = 0; at < rows.length; at += dim) {
    const row = rows.subarray(at, at + dim)
    const before = Math.sqrt(dot(row, row))
    for (let other = 0; other < at; other += dim) {
      const earlier = rows.subarray(other, other + dim)
      const share = dot(row, earlier)
      for (let j = 0; j < dim; j++) row[j]! -= share * earlier[j]!
    }
    const norm = Math.sqrt(dot(row, row))
    const scale = norm > 1e-5 * before ? 1 / norm : 0
    for (let j = 0; j < dim; j++) row[j]! *= scale
  }
}
