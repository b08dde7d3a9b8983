import { div, minimum, mul, scalarOf, slice, stopGradient, sub, sum, type Tensor } from '@takt/graph'

/** Larger changes of a log-probability cost no more: a step may end. */
const TAU = 4

/**
 * mean min(|log pₜ − log pₜ₋₁|, τ)² over classes and over the time steps that follow one of their sequence, where pₜ₋₁
 * is taken as constant: the smoothing loss of Farha & Gall, 2019, section 3.3. Log-probabilities [batch, classes, times]
 * and mask [batch, 1, times] → a scalar.
 */
export function truncatedMse(logProbabilities: Tensor, mask: Tensor): Tensor {
  const [, classes, times] = logProbabilities.shape as [number, number, number]
  const later = { axis: 2, start: 1, end: times }
  const before = stopGradient(slice(logProbabilities, { axis: 2, start: 0, end: times - 1 }))
  const change = sub(slice(logProbabilities, later), before)
  const truncated = minimum(mul(change, change), scalarOf(change, TAU ** 2))
  const follows = slice(mask, later)
  const count = mul(sum(follows, [0, 1, 2]), scalarOf(follows, classes))
  return div(sum(mul(truncated, follows), [0, 1, 2]), count)
}
