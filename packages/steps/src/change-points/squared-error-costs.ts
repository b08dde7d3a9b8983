import { runningSums } from './running-sums.ts'
import { lengthOf, type SegmentCosts, type Signal } from './segment-costs.ts'

/**
 * Squared distance to the segment's mean, Σ‖x‖² − ‖Σx‖² / m: a change of the mean. It is also what the linear kernel
 * ⟨x, y⟩ gives (Arlot, Celisse & Harchaoui 2019, eq. 1).
 */
export function squaredErrorCosts(signal: Signal): SegmentCosts {
  const { dim } = signal
  const { sums, squares } = runningSums(signal)
  return {
    length: lengthOf(signal),
    endingAt: (end, starts, costs) => {
      for (let i = 0; i < starts.length; i++) {
        const start = starts[i]!
        const share = 1 / (end - start)
        let cost = 0
        for (let a = start * dim, b = end * dim; a < (start + 1) * dim; a++, b++) {
          const sum = sums[b]! - sums[a]!
          cost += squares[b]! - squares[a]! - sum * sum * share
        }
        costs[i] = cost
      }
    },
  }
}
