import { lengthOf, type SegmentCosts, type Signal } from './segment-costs.ts'
import { selectNth } from './select-nth.ts'

/**
 * The RBF kernel's cost, Σ k(x,x) − Σ k(x,y) / m with k = exp(−γ ‖x − y‖²): any change of the law (Arlot, Celisse &
 * Harchaoui 2019, eq. 1). The Gram matrix is never held: the sum over a segment grows by its last sample's row, from
 * the sample backwards (Celisse et al. 2018, algorithm 3). Memory: n.
 */
export function rbfCosts(signal: Signal, gamma: number): SegmentCosts {
  const { values, dim } = signal
  const length = lengthOf(signal)
  /** Σ k(x,y) over [start, end), by start. */
  const inside = new Float64Array(length)
  return {
    length,
    endingAt: (end, starts, costs) => {
      const last = (end - 1) * dim
      let row = 0
      for (let start = end - 1; start >= starts[0]!; start--) {
        let squaredDistance = 0
        for (let d = 0; d < dim; d++) {
          const difference = values[start * dim + d]! - values[last + d]!
          squaredDistance += difference * difference
        }
        row += Math.exp(-gamma * squaredDistance)
        inside[start]! += 2 * row - 1
      }
      for (let i = 0; i < starts.length; i++) {
        const size = end - starts[i]!
        costs[i] = size - inside[starts[i]!]! / size
      }
    },
  }
}

/** Samples whose distances say what is far: two million pairs. */
const MOST_SAMPLES = 2000

/**
 * γ = 1 / median of ‖x − y‖² over pairs of samples, of which a long signal gives 2000 evenly spaced ones; 1 where the
 * median is 0.
 */
export function medianGamma(signal: Signal): number {
  const { values, dim } = signal
  const length = lengthOf(signal)
  const count = Math.min(length, MOST_SAMPLES)
  const rows = Array.from({ length: count }, (_, i) => Math.floor((i * length) / count) * dim)
  const distances = new Float64Array((count * (count - 1)) / 2)
  let at = 0
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      let squaredDistance = 0
      for (let d = 0; d < dim; d++) squaredDistance += (values[rows[i]! + d]! - values[rows[j]! + d]!) ** 2
      distances[at++] = squaredDistance
    }
  }
  if (distances.length === 0) return 1
  const middle = distances.length >> 1
  const upper = selectNth(distances, middle)
  const median = distances.length % 2 === 1 ? upper : (upper + largest(distances.subarray(0, middle))) / 2
  return median > 0 ? 1 / median : 1
}

function largest(values: Float64Array): number {
  return values.reduce((a, b) => Math.max(a, b), -Infinity)
}
