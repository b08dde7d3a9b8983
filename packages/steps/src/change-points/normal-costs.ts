import { runningSums } from './running-sums.ts'
import { lengthOf, type SegmentCosts, type Signal } from './segment-costs.ts'

/** Added to every variance: a constant segment keeps a finite likelihood. */
const LEAST_VARIANCE = 1e-6

/**
 * Twice the negative log-likelihood of a normal law fitted to the segment, m Σ_d ln σ_d², less its constant: a change
 * of mean or variance, each dimension by itself (Killick et al. 2012, eq. 2). It wants segments of two samples or more.
 */
export function normalCosts(signal: Signal): SegmentCosts {
  const { dim } = signal
  const { sums, squares } = runningSums(signal)
  return {
    length: lengthOf(signal),
    endingAt: (end, starts, costs) => {
      for (let i = 0; i < starts.length; i++) {
        const start = starts[i]!
        const size = end - start
        let cost = 0
        for (let a = start * dim, b = end * dim; a < (start + 1) * dim; a++, b++) {
          const mean = (sums[b]! - sums[a]!) / size
          const variance = Math.max(0, (squares[b]! - squares[a]!) / size - mean * mean)
          cost += size * Math.log(variance + LEAST_VARIANCE)
        }
        costs[i] = cost
      }
    },
  }
}
