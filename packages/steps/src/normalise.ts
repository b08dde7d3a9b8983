import { type BlockCodes, decodeBlocks, encodeBlocks } from './block-codes.ts'
import type { WaitingRoom } from './look-ahead.ts'

/**
 * Running normalisation of one view's features: mean and variance forget with a half-life of about half a cycle, so
 * that light and camera drift cancel while the work within a cycle remains.
 *
 *   W ← λ W + 1,  δ = x − μ,  μ ← μ + δ / W,  v ← (1 − 1/W)(v + δ² / W),  λ = 2^(−1 / halfLifeSteps)
 *   z = (x − μ) / √(v + floor · σ₀²)
 *
 * W, μ and v begin at the training set's: `priorWeight`, μ₀, σ₀². The floor keeps a station at rest from amplifying
 * sensor noise to the size of work. A step is normalised by moments that already know some steps after it
 * (look-ahead.ts), which makes the form bounded, and the same for live video and for a past window.
 */
export type Normaliser = {
  readonly halfLifeSteps: number
  readonly priorWeight: number
  readonly varianceFloor: number
  /** μ₀ and σ₀, each `[dim]`. */
  readonly priorMean: Float32Array
  readonly priorDeviation: Float32Array
}

/** Features of one step, held as (x − μ₀)/σ₀ in eight bits until the moments have looked far enough ahead. */
export type PendingFeatures = { readonly step: number; readonly codes: BlockCodes }

/** The moments so far, in the precision a checkpoint keeps, and the steps that wait. */
export type NormaliserState = {
  weight: number
  readonly mean: Float32Array
  readonly variance: Float32Array
  readonly pending: PendingFeatures[]
}

export function openNormaliser(normaliser: Normaliser): NormaliserState {
  return {
    weight: normaliser.priorWeight,
    mean: normaliser.priorMean.slice(),
    variance: normaliser.priorDeviation.map(deviation => deviation * deviation),
    pending: [],
  }
}

export function copyNormaliser(state: NormaliserState): NormaliserState {
  return {
    weight: state.weight,
    mean: state.mean.slice(),
    variance: state.variance.slice(),
    pending: state.pending.slice(),
  }
}

/** Takes one step's features into the moments of `state` and lets the step wait. */
export function absorb(normaliser: Normaliser, state: NormaliserState, step: number, features: Float32Array): void {
  const { priorMean, priorDeviation } = normaliser
  const { mean, variance } = state
  state.weight = state.weight * 2 ** (-1 / normaliser.halfLifeSteps) + 1
  const gain = 1 / state.weight
  const kept = 1 - gain
  const standardised = new Float32Array(features.length)
  for (let j = 0; j < features.length; j++) {
    const x = features[j]!
    const delta = x - mean[j]!
    mean[j] = mean[j]! + delta * gain
    variance[j] = kept * (variance[j]! + delta * delta * gain)
    standardised[j] = (x - priorMean[j]!) / priorDeviation[j]!
  }
  state.pending.push({ step, codes: encodeBlocks(standardised) })
}

/** Removes the oldest waiting step and returns its normalised features `[dim]`. */
export function release(normaliser: Normaliser, state: NormaliserState): Float32Array {
  const { priorMean, priorDeviation, varianceFloor } = normaliser
  const { mean, variance } = state
  const z = decodeBlocks(state.pending.shift()!.codes)
  for (let j = 0; j < z.length; j++) {
    const deviation = priorDeviation[j]!
    const x = priorMean[j]! + z[j]! * deviation
    z[j] = (x - mean[j]!) / Math.sqrt(variance[j]! + varianceFloor * deviation * deviation)
  }
  return z
}

/** One view's features on their way through a normaliser whose state is `state`: what leaves is normalised, `[dim]`. */
export function normalising(normaliser: Normaliser, state: NormaliserState): WaitingRoom<Float32Array> {
  return {
    enter: (step, features) => absorb(normaliser, state, step, features),
    leave: (from, to) =>
      Array.from({ length: to - from }, (_, i) => {
        return state.pending[0]?.step === from + i ? release(normaliser, state) : undefined
      }),
  }
}
