import { type FeatureRows, rowCount } from '../temporal-head/feature-rows.ts'
import { binSums, type FittedCycle } from './cycle-template.ts'

/** Squares of rows, and what of them the mean of the other cycles takes off, each by cycle. */
export type HeldOut = {
  readonly taken: Float64Array
  /** `taken` without the rows that are less like the others than like the mean: something was in the way. */
  readonly gained: Float64Array
  readonly all: Float64Array
}

/**
 * How well each cycle is foretold by the others on the path given: ‖x‖² − ‖x − μ⁻‖², μ⁻ the mean of the row's bin over
 * all other cycles. A template of two cycles' length is learnt from half as many, and pays for it here.
 */
export function heldOutByCycle(rows: FeatureRows, { template, path }: FittedCycle): HeldOut {
  const { values, dim } = rows
  const { bins, cycles } = path
  const { sums, counts } = binSums(rows, bins, rowCount(template))
  const taken = new Float64Array(cycles.at(-1)! + 1)
  const all = new Float64Array(taken.length)
  const gained = new Float64Array(taken.length)
  const others = new Float64Array(dim)
  for (let from = 0, to = 0; from < bins.length; from = to) {
    while (to < bins.length && bins[to] === bins[from] && cycles[to] === cycles[from]) to++
    const [bin, cycle] = [bins[from]!, cycles[from]!]
    const count = counts[bin]! - (to - from)
    for (let j = 0; j < dim; j++) {
      others[j] = sums[bin * dim + j]!
      for (let t = from; t < to; t++) others[j]! -= values[t * dim + j]!
      if (count > 0) others[j]! /= count
    }
    for (let t = from; t < to; t++) {
      let own = 0
      for (let j = 0; j < dim; j++) {
        const x = values[t * dim + j]!
        all[cycle]! += x * x
        if (count > 0) own += x * x - (x - others[j]!) ** 2
      }
      taken[cycle]! += own
      gained[cycle]! += Math.max(0, own)
    }
  }
  return { taken, gained, all }
}
