import { lengthOf, type Signal } from './segment-costs.ts'

/** Sums of a signal before each sample: of its centred elements, `[time + 1, dim]`, and of their squares alike. */
export type RunningSums = { readonly sums: Float64Array; readonly squares: Float64Array }

/** The signal's mean is taken out first, so that a large offset costs no digits. */
export function runningSums(signal: Signal): RunningSums {
  const { values, dim } = signal
  const length = lengthOf(signal)
  const mean = new Float64Array(dim)
  for (let at = 0; at < values.length; at++) mean[at % dim]! += values[at]! / length
  const sums = new Float64Array(values.length + dim)
  const squares = new Float64Array(values.length + dim)
  for (let at = 0; at < values.length; at++) {
    const value = values[at]! - mean[at % dim]!
    sums[at + dim] = sums[at]! + value
    squares[at + dim] = squares[at]! + value * value
  }
  return { sums, squares }
}
