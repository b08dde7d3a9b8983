import { type HiddenMarkovModel, multiplyRows, transposed } from './hidden-markov.ts'
import { scaleToSum } from './scale-to-sum.ts'

/** Posterior of the classes, `[time, class]`, and ln P(evidence). */
export type HmmPosterior = { readonly occupancy: Float64Array; readonly logLikelihood: number }

/**
 * Forward–backward with scaling (Rabiner 1989, eq. 92), given log evidence `[time, class]`:
 *   α_t(k) = b_t(k) Σ_j α_{t−1}(j) A(j,k) / c_t      β_t(j) ∝ Σ_k A(j,k) b_{t+1}(k) β_{t+1}(k)
 *   P(k at t) ∝ α_t(k) β_t(k)                         ln P = Σ ln c_t
 * b is divided by its best class at each step, so that evidence far below 0 keeps its meaning. Cost: 2 n K².
 */
export function hmmPosterior(model: HiddenMarkovModel, logEvidence: Float64Array): HmmPosterior {
  const classCount = model.initial.length
  const likelihood = new Float64Array(logEvidence.length)
  const occupancy = new Float64Array(logEvidence.length)
  let logLikelihood = relativeLikelihoods(likelihood, logEvidence, classCount)

  const carried = Float64Array.from(model.initial)
  const alpha = new Float64Array(classCount)
  for (let at = 0; at < likelihood.length; at += classCount) {
    if (at > 0) multiplyRows(carried, alpha, model.next)
    for (let k = 0; k < classCount; k++) alpha[k] = carried[k]! * likelihood[at + k]!
    logLikelihood += Math.log(scaleToSum(alpha))
    for (let k = 0; k < classCount; k++) occupancy[at + k] = alpha[k]!
  }

  const backwards = transposed(model.next, classCount)
  const beta = new Float64Array(classCount).fill(1)
  const after = new Float64Array(classCount)
  for (let at = likelihood.length - 2 * classCount; at >= 0; at -= classCount) {
    for (let k = 0; k < classCount; k++) after[k] = likelihood[at + classCount + k]! * beta[k]!
    scaleToSum(after)
    multiplyRows(beta, after, backwards)
    let sum = 0
    for (let k = 0; k < classCount; k++) sum += occupancy[at + k]! * beta[k]!
    for (let k = 0; k < classCount; k++) occupancy[at + k] = (occupancy[at + k]! * beta[k]!) / sum
  }
  return { occupancy, logLikelihood }
}

/** exp(evidence − best of its step), `[time, class]`; returns the sum of what was taken out. */
export function relativeLikelihoods(likelihood: Float64Array, logEvidence: Float64Array, classCount: number): number {
  let taken = 0
  for (let at = 0; at < logEvidence.length; at += classCount) {
    let best = logEvidence[at]!
    for (let k = 1; k < classCount; k++) if (logEvidence[at + k]! > best) best = logEvidence[at + k]!
    for (let k = 0; k < classCount; k++) likelihood[at + k] = Math.exp(logEvidence[at + k]! - best)
    taken += best
  }
  return taken
}
