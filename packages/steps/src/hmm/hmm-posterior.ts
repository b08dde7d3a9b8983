import { type HiddenMarkovModel, transposed } from './hidden-markov.ts'
import { recurrence } from './recurrence.ts'

/** Posterior of the classes, `[time, class]`, and ln P(evidence). */
export type HmmPosterior = { readonly occupancy: Float64Array; readonly logLikelihood: number }

/**
 * Forward–backward with scaling (Rabiner 1989, eq. 92), given log evidence `[time, class]`:
 *   α_t(k) = b_t(k) Σ_j α_{t−1}(j) A(j,k) / c_t      β_t(j) ∝ Σ_k A(j,k) b_{t+1}(k) β_{t+1}(k)
 *   P(k at t) ∝ α_t(k) β_t(k)                         ln P = Σ ln c_t
 * b is divided by its best class at each step, so that evidence far below 0 keeps its meaning. Cost: 2 n K².
 */
export function hmmPosterior({ initial, next }: HiddenMarkovModel, logEvidence: Float64Array): HmmPosterior {
  const classCount = initial.length
  const rows = new Float64Array(logEvidence.length)
  let logLikelihood = relativeLikelihoods(rows, logEvidence, classCount)
  const forward = recurrence('sumTimes', next)({ rows, first: initial, direction: 'onwards' })
  const last = new Float64Array(classCount).fill(1)
  const backwards = recurrence('sumTimes', transposed(next, classCount))
  const occupancy = backwards({ rows, first: last, direction: 'backwards' })
  for (let at = 0; at < rows.length; at += classCount) {
    let scale = 0
    let total = 0
    for (let k = at; k < at + classCount; k++) {
      const mass = forward[k]! * rows[k]!
      scale += mass
      occupancy[k]! *= mass
      total += occupancy[k]!
    }
    const share = 1 / total
    for (let k = at; k < at + classCount; k++) occupancy[k]! *= share
    logLikelihood += Math.log(scale)
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
