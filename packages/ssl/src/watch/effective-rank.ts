import { eigenvalues } from './eigenvalues.ts'

/** Rows that a rank is taken of, evenly spaced; with more it costs more than it tells. */
const MOST_ROWS = 128

/** Keeps the logarithm of a vanishing singular value finite: the paper's. */
const EPSILON = 1e-7

/**
 * RankMe of features [rows, dim]: exp of the entropy of their normalised singular values; 1 where all rows are multiples
 * of one, at most the least of 128, rows and dim. Garrido et al., "RankMe: Assessing the Downstream Performance of
 * Pretrained Self-Supervised Representations by Their Rank", ICML 2023.
 *
 *     (1)   RankMe(Z) = exp(− Σₖ pₖ log pₖ)        pₖ = σₖ(Z) / ‖σ(Z)‖₁ + ε
 */
export function effectiveRank(features: Float32Array, dim: number): number {
  const rows = evenly(features.length / dim).map(row => features.subarray(row * dim, (row + 1) * dim))
  const gram = rows.length <= dim ? products(rows) : products(columnsOf(rows, dim))
  const singular = eigenvalues(gram, Math.min(rows.length, dim)).map(value => Math.sqrt(Math.max(0, value)))
  const total = singular.reduce((sum, value) => sum + value, 0)
  if (total === 0) return 1
  return Math.exp(singular.reduce((entropy, value) => entropy - plogp(value / total + EPSILON), 0))
}

const plogp = (p: number) => p * Math.log(p)

function evenly(rows: number): readonly number[] {
  const count = Math.min(rows, MOST_ROWS)
  return Array.from({ length: count }, (_, i) => Math.floor((i * rows) / count))
}

function columnsOf(rows: readonly Float32Array[], dim: number): readonly Float32Array[] {
  return Array.from({ length: dim }, (_, column) => Float32Array.from(rows, row => row[column]!))
}

/** The scalar product of each with each, [n, n]. */
function products(vectors: readonly Float32Array[]): Float64Array {
  const found = new Float64Array(vectors.length ** 2)
  for (const [i, a] of vectors.entries()) {
    for (let j = 0; j <= i; j++) {
      const b = vectors[j]!
      let sum = 0
      for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!
      found[i * vectors.length + j] = sum
      found[j * vectors.length + i] = sum
    }
  }
  return found
}
