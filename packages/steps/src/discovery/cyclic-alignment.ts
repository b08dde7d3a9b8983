import { type FeatureRows, rowCount } from '../temporal-head/feature-rows.ts'

/** Where a recording stands in its cycle, time step by time step. */
export type CyclicPath = {
  /** Bin of the template, by row. */
  readonly bins: Int32Array
  /** Cycle a row belongs to: counts up whenever the template wraps, from 0. */
  readonly cycles: Int32Array
  /** Σ of the moves' costs over the walk. */
  readonly cost: number
}

/** Bins that a row may move on by; 1 is the template's own tempo, 0 is dwelling. */
const MOVES = [1, 0, 2, 3] as const

/**
 * What a row costs that dwells or skips a bin, as a share of a row's mean square. On films and synthetic work the true
 * length stands out the more, the dearer a move (.08 to .4 tried), until uneven work no longer fits: beyond .2 steps at
 * .7 to 1.4 times their pace are lost.
 */
const MOVE_COST = 0.1

/**
 * The most probable walk through a cyclic template, a hidden Markov model whose last bin leads to its first (Rabiner
 * 1989; as dynamic time warping, Sakoe & Chiba 1978, that wraps): maximises
 *   Σ_t max(0, ‖x_t‖² − ‖x_t − μ_k(t)‖²) − cost of the moves k(t−1) → k(t).
 * A row that the template does not explain better than the mean counts nothing, so that something in front of the
 * camera costs no more than what it hides. It starts and ends anywhere. Rows `[time, dim]`, template `[bins, dim]`.
 */
export function alignCyclic(rows: FeatureRows, template: FeatureRows): CyclicPath {
  const { dim } = rows
  const [length, bins] = [rowCount(rows), rowCount(template)]
  const square = rows.values.reduce((sum, x) => sum + x * x, 0) / length
  const price = MOVES.map(move => Math.abs(move - 1) * MOVE_COST * square)
  const norms = Float64Array.from({ length: bins }, (_, k) => normOf(template.values, k, dim))
  let before = new Float64Array(bins)
  let now = new Float64Array(bins)
  const cameBy = new Uint8Array(length * bins)
  for (let t = 0; t < length; t++) {
    for (let k = 0; k < bins; k++) {
      const own = Math.max(0, 2 * dot(rows.values, t * dim, template.values, k * dim, dim) - norms[k]!)
      let best = t === 0 ? 0 : -Infinity
      for (let m = 0; t > 0 && m < MOVES.length; m++) {
        const from = k - MOVES[m]!
        const value = before[from < 0 ? from + bins : from]! - price[m]!
        if (value <= best) continue
        best = value
        cameBy[t * bins + k] = m
      }
      now[k] = best + own
    }
    ;[before, now] = [now, before]
  }
  return traceBack(before.indexOf(before.reduce((a, b) => Math.max(a, b))), { cameBy, length, bins, price })
}

function traceBack(
  last: number,
  walked: {
    readonly cameBy: Uint8Array
    readonly length: number
    readonly bins: number
    readonly price: readonly number[]
  },
): CyclicPath {
  const { cameBy, length, bins, price } = walked
  const path = new Int32Array(length)
  const wraps = new Int32Array(length)
  let [k, cost] = [last, 0]
  for (let t = length - 1; t >= 0; t--) {
    path[t] = k
    if (t === 0) break
    const move = cameBy[t * bins + k]!
    cost += price[move]!
    k -= MOVES[move]!
    if (k >= 0) continue
    k += bins
    wraps[t] = 1
  }
  let cycle = 0
  return { bins: path, cycles: wraps.map(wrap => (cycle += wrap)), cost }
}

const normOf = (values: Float32Array, row: number, dim: number): number =>
  dot(values, row * dim, values, row * dim, dim)

function dot(a: Float32Array, from: number, b: Float32Array, at: number, dim: number): number {
  let sum = 0
  for (let j = 0; j < dim; j++) sum += a[from + j]! * b[at + j]!
  return sum
}
