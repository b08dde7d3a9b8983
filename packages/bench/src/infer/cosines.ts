import { quantile } from '../measure/quantile.ts'
import { significant } from '../measure/round.ts'

/** How alike the feature vectors of two encoders are, [vectors, dim] each, row by row. */
export interface Likeness {
  readonly meanCosine: number
  /** All but one in a hundred are above it. */
  readonly lowCosine: number
  /** With the mean vector of the first taken from both: what is the same everywhere tells nothing. */
  readonly centredCosine: number
}

export function likeness(exact: Float32Array, other: Float32Array, dim: number): Likeness {
  const mean = meanVector(exact, dim)
  const plain = cosines(exact, other, dim)
  const centred = cosines(less(exact, mean), less(other, mean), dim)
  const digits = 6
  return {
    meanCosine: significant(average(plain), digits),
    lowCosine: significant(quantile(plain, 0.01), digits),
    centredCosine: significant(average(centred), digits),
  }
}

function cosines(a: Float32Array, b: Float32Array, dim: number): readonly number[] {
  return Array.from({ length: a.length / dim }, (_, row) => {
    let [ab, aa, bb] = [0, 0, 0]
    for (let i = row * dim; i < (row + 1) * dim; i++) {
      ab += a[i]! * b[i]!
      aa += a[i]! * a[i]!
      bb += b[i]! * b[i]!
    }
    return ab / Math.sqrt(aa * bb)
  })
}

function meanVector(rows: Float32Array, dim: number): Float64Array {
  const mean = new Float64Array(dim)
  for (const [i, value] of rows.entries()) mean[i % dim]! += value / (rows.length / dim)
  return mean
}

const less = (rows: Float32Array, vector: Float64Array): Float32Array =>
  rows.map((value, i) => value - vector[i % vector.length]!)

const average = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b) / numbers.length
