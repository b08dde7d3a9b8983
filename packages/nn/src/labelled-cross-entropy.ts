import { div, logSoftmax, mul, neg, sum, type Tensor } from '@takt/graph'

/**
 * − Σ targets·log softmax(logits) / Σ targets, a scalar; both [rows, classes, …] of one shape. Targets of a row sum to its
 * weight, and to 0 where it has no label: it then says nothing. Some row has to have one.
 */
export function labelledCrossEntropy(logits: Tensor, targets: Tensor): Tensor {
  const all = logits.shape.map((_, axis) => axis)
  return neg(div(sum(mul(targets, logSoftmax(logits, 1)), all), sum(targets, all)))
}
