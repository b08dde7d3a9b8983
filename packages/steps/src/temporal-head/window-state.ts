import { type Affine, affine } from '../affine.ts'
import type { SeenRow } from './score-window.ts'
import { REACH } from './window-network.ts'

/**
 * Running normalisation of projected features p = P x + c, `[component]`, as normalise.ts has it but for the variance,
 * which all components share: each by its own would be whitening, which drowns work in noise.
 *
 *   W ← λ W + 1,  δ = p − m,  m ← m + δ / W,  v ← (1 − 1/W)(v + mean(δ²) / W),  λ = 2^(−1 / halfLifeSteps)
 *   z = (p − m) / √(v + floor)
 *
 * P is such that m and v are 0 and 1 over the training set, where they begin with weight `priorWeight`. All steps of a
 * window are normalised by the moments known when its middle is scored: a sum of rows needs no other memory than rows.
 */
export type RunningProjection = {
  readonly projection: Affine
  readonly halfLifeSteps: number
  readonly priorWeight: number
  readonly varianceFloor: number
}

/** The moments so far, in the precision that a checkpoint keeps, and the steps that a window may still hold, in order. */
export type WindowState = {
  readonly kind: 'temporal'
  weight: number
  readonly mean: Float32Array
  variance: number
  readonly recent: { readonly step: number; readonly projected: Float32Array }[]
}

export function openWindow({ projection, priorWeight }: RunningProjection): WindowState {
  const mean = new Float32Array(projection.biases.length)
  return { kind: 'temporal', weight: priorWeight, mean, variance: 1, recent: [] }
}

/** Takes one step's features `[dim]` into the moments and keeps their projection. */
export function absorbProjected(
  { projection, halfLifeSteps }: RunningProjection,
  state: WindowState,
  step: number,
  features: Float32Array,
): void {
  const { mean } = state
  const projected = new Float32Array(mean.length)
  affine(projection, { values: features, at: 0 }, { values: projected, at: 0 })
  state.weight = state.weight * 2 ** (-1 / halfLifeSteps) + 1
  const gain = 1 / state.weight
  let squares = 0
  for (let j = 0; j < mean.length; j++) {
    const delta = projected[j]! - mean[j]!
    mean[j] = mean[j]! + delta * gain
    squares += delta * delta
  }
  state.variance = (1 - gain) * (state.variance + (squares / mean.length) * gain)
  state.recent.push({ step, projected })
}

/** What the moments make of a projected step. */
export type Moments = { readonly mean: Float32Array; readonly scale: number }

export function momentsOf({ mean, variance }: WindowState, { varianceFloor }: RunningProjection): Moments {
  return { mean, scale: 1 / Math.sqrt(variance + varianceFloor) }
}

export function normalised(projected: Float32Array, { mean, scale }: Moments): Float32Array {
  const z = new Float32Array(projected.length)
  for (let j = 0; j < z.length; j++) z[j] = (projected[j]! - mean[j]!) * scale
  return z
}

/** The rows that scores of the steps `[from, to)` look at, normalised: undefined where no step was seen. */
export function rowsAround(
  projection: RunningProjection,
  state: WindowState,
  [from, to]: readonly [from: number, to: number],
): readonly SeenRow[] {
  const rows = new Array<SeenRow>(to - from + 2 * REACH).fill(undefined)
  const moments = momentsOf(state, projection)
  for (const { step, projected } of state.recent) {
    const at = step - from + REACH
    if (at >= 0 && at < rows.length) rows[at] = normalised(projected, moments)
  }
  return rows
}

/** Lets go of the steps that no window from `step` on looks at. */
export function keepFrom(state: WindowState, step: number): void {
  const first = state.recent.findIndex(row => row.step >= step - REACH)
  state.recent.splice(0, first < 0 ? state.recent.length : first)
}
