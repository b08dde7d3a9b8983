import { abs, add, div, logSoftmax, maximum, mul, neg, relu, scalarOf, slice, sub, sum, type Tensor } from '@takt/graph'

/**
 * How much a step's log-probability rises away from its one labelled frame: Li, Farha & Gall, 2021, section 4.3. Its
 * sum over stages of a mean over classes and time steps.
 *
 * Logits of every stage and `trend`, [batch, classes, times] each → a scalar. A trend says of the change from the time
 * step before: 1 where a class draws near its labelled frame and may not fall, −1 where it leaves it and may not rise,
 * 0 where nothing is known; where it is 0 throughout, so is the loss.
 */
export function confidenceLoss(stages: readonly Tensor[], trend: Tensor): Tensor {
  const later = { axis: 2, start: 1, end: trend.shape[2]! }
  const wanted = slice(trend, later)
  const count = maximum(sum(abs(wanted), [0, 1, 2]), scalarOf(trend, 1))
  const losses = stages.map(logits => {
    const logs = logSoftmax(logits, 1)
    const change = sub(slice(logs, later), slice(logs, { axis: 2, start: 0, end: trend.shape[2]! - 1 }))
    return div(sum(relu(neg(mul(change, wanted))), [0, 1, 2]), count)
  })
  return losses.reduce(add)
}
