import type { Posterior } from '../smooth.ts'
import { relativeLikelihoods } from './hmm-posterior.ts'
import type { SemiMarkovModel } from './semi-markov.ts'
import { openBackward, retreat } from './semi-markov-backward.ts'
import { advanceFilter, openFilter } from './semi-markov-filter.ts'

/** What a recording says of its borders and classes, each `[time, class]`, and ln P(evidence). */
export type SemiMarkovPosterior = Posterior & { readonly logLikelihood: number }

/**
 * Forward–backward of the explicit-duration model given log evidence `[time, class]`, by class and age d
 * (Yu & Kobayashi 2003). Forwards it is `advanceFilter`; backwards, in units of its largest value at each step,
 *   β_v(k,d) = (1 − h_k(d)) b_{v+1}(k) β_{v+1}(k,d+1) + h_k(d) on_v(k),   on_v(j) = Σ_k A(j,k) b_{v+1}(k) β_{v+1}(k,1)
 * and then P(start of k at u) ∝ in_u(k) b_u(k) β_u(k,1) and P(end of k with v) ∝ out_v(k) on_v(k).
 * A mass below 1e-308 of the best one at its step is lost. Cost: n K (D + K); memory: n K.
 */
export function semiMarkovPosterior(model: SemiMarkovModel, logEvidence: Float64Array): SemiMarkovPosterior {
  const classCount = model.logInitial.length
  const length = logEvidence.length / classCount
  const likelihood = new Float64Array(logEvidence.length)
  const taken = relativeLikelihoods(likelihood, logEvidence, classCount)
  const rowOf = (of: Float64Array, step: number) => of.subarray(step * classCount, (step + 1) * classCount)
  const starts = new Float64Array(logEvidence.length)
  const ends = new Float64Array(logEvidence.length)
  if (length === 0) return { starts, ends, occupancy: new Float64Array(0), logLikelihood: 0 }

  const filter = openFilter(model)
  const logScale = new Float64Array(length)
  for (let v = 0; v < length; v++) {
    logScale[v] = (v === 0 ? 0 : logScale[v - 1]!) + Math.log(advanceFilter(model, filter, rowOf(likelihood, v)))
    rowOf(starts, v).set(filter.starting)
    rowOf(ends, v).set(filter.ending)
  }
  const mass = model.last === 'cut' ? 1 : filter.ending.reduce((sum, ending) => sum + ending, 0)
  const total = logScale[length - 1]! + Math.log(mass)

  const backward = openBackward(model, length)
  for (let v = length - 1; v >= 0; v--) {
    const unit = Math.exp(backward.logScale + logScale[v]! - total)
    const { first, ages, onward } = backward
    for (let k = 0; k < classCount; k++) {
      const at = v * classCount + k
      starts[at]! *= unit * (v === 0 ? first[k]! : ages[k * model.fresh.maxSteps]!)
      ends[at]! *= unit * onward[k]!
    }
    if (v > 0) retreat(model, backward, { v, likelihood: rowOf(likelihood, v) })
  }
  if (model.last === 'cut') rowOf(ends, length - 1).fill(0)
  return { starts, ends, occupancy: occupancyOf(starts, ends, classCount), logLikelihood: taken + total }
}

/** P(k at u) = P(k at u − 1) + P(start of k at u) − P(end of k with u − 1), rows of sum 1. */
function occupancyOf(starts: Float64Array, ends: Float64Array, classCount: number): Float64Array {
  const occupancy = new Float64Array(starts.length)
  for (let row = 0; row < starts.length; row += classCount) {
    let sum = 0
    for (let at = row; at < row + classCount; at++) {
      const carried = row === 0 ? 0 : occupancy[at - classCount]! - ends[at - classCount]!
      occupancy[at] = Math.max(0, carried + starts[at]!)
      sum += occupancy[at]!
    }
    for (let at = row; at < row + classCount; at++) occupancy[at]! /= sum
  }
  return occupancy
}
