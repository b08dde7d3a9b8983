import { type HiddenMarkovModel, multiplyRows, transposed } from './hidden-markov.ts'
import { scaleToSum } from './scale-to-sum.ts'

/** A forward pass that never ends: it remembers `lagSteps` + 1 steps, however long the station runs. */
export type FixedLagState = {
  readonly lagSteps: number
  /** Filtered P(class | evidence so far) of the latest steps, the oldest first, each `[class]`. */
  readonly filtered: readonly Float64Array[]
  /** Likelihood of the same steps relative to each step's best class. */
  readonly likelihoods: readonly Float64Array[]
}

export function openFixedLag(lagSteps: number): FixedLagState {
  return { lagSteps, filtered: [], likelihoods: [] }
}

/**
 * Takes the log evidence `[class]` of the next step. `smoothed` is P(class at t − lag | evidence to t), exact for that
 * lag, and null until so many steps have come; `filtered` is P(class at t | evidence to t). Cost a step: (lag + 1) K².
 */
export function advanceFixedLag(model: HiddenMarkovModel, state: FixedLagState, logEvidence: Float64Array) {
  const likelihood = relative(logEvidence)
  const current = Float64Array.from(model.initial)
  const before = state.filtered.at(-1)
  if (before !== undefined) multiplyRows(current, before, model.next)
  for (let k = 0; k < current.length; k++) current[k]! *= likelihood[k]!
  scaleToSum(current)
  const kept = state.filtered.length > state.lagSteps ? 1 : 0
  const next: FixedLagState = {
    lagSteps: state.lagSteps,
    filtered: [...state.filtered.slice(kept), current],
    likelihoods: [...state.likelihoods.slice(kept), likelihood],
  }
  const smoothed = next.filtered.length > state.lagSteps ? smoothOldest(model, next) : null
  return { state: next, filtered: current, smoothed }
}

function smoothOldest(model: HiddenMarkovModel, { filtered, likelihoods }: FixedLagState): Float64Array {
  const classCount = model.initial.length
  const backwards = transposed(model.next, classCount)
  const beta = new Float64Array(classCount).fill(1)
  for (const likelihood of likelihoods.slice(1).reverse()) {
    const after = beta.map((b, k) => b * likelihood[k]!)
    scaleToSum(after)
    multiplyRows(beta, after, backwards)
  }
  const smoothed = filtered[0]!.map((a, k) => a * beta[k]!)
  scaleToSum(smoothed)
  return smoothed
}

function relative(logEvidence: Float64Array): Float64Array {
  const best = logEvidence.reduce((a, b) => Math.max(a, b), -Infinity)
  return logEvidence.map(e => Math.exp(e - best))
}
