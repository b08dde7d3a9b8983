import type { Affine } from '../affine.ts'
import type { Normaliser } from '../normalise.ts'
import { principalComponents } from './principal-components.ts'

/** Components that are kept: more add noise alone, fewer lose small movements. */
const COMPONENTS = 64

/** Rows that the directions are learnt from: enough for so few of them. */
const MOST_ROWS = 1500

/**
 * The projection of a view's features x onto the principal components of its normalised rows,
 *   p = s · D (x − μ₀) / σ₀
 * with the prior moments of its normaliser, and s such that p has a mean square of 1 over `rows`.
 */
export function learnProjection({ priorMean, priorDeviation }: Normaliser, rows: readonly Float32Array[]): Affine {
  const dim = priorMean.length
  const used = rows.length > MOST_ROWS ? everyNth(rows, MOST_ROWS) : rows
  const values = new Float32Array(used.length * dim)
  for (const [index, row] of used.entries()) values.set(row, index * dim)
  const { directions, scale } = principalComponents([{ values, dim }], COMPONENTS)
  const weights = directions.map((value, at) => (scale * value) / priorDeviation[at % dim]!)
  const biases = new Float32Array(directions.length / dim)
  for (const k of biases.keys()) {
    let sum = 0
    for (let j = 0; j < dim; j++) sum -= weights[k * dim + j]! * priorMean[j]!
    biases[k] = sum
  }
  return { weights, biases }
}

const everyNth = (rows: readonly Float32Array[], count: number): readonly Float32Array[] =>
  Array.from({ length: count }, (_, index) => rows[Math.floor((index * rows.length) / count)]!)
