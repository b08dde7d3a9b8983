import { add, logSoftmax, mul, scalarOf, type Tensor } from '@takt/graph'
import { labelledCrossEntropy } from '../labelled-cross-entropy.ts'
import { truncatedMse } from './truncated-mse.ts'

/** The share of smoothness, .15 in the paper. */
const LAMBDA = 0.15

export interface StepLabels {
  /** [batch, classes, times]: probabilities that sum to 1 where a time step has a label, and to 0 where it has none. */
  readonly targets: Tensor
  /** [batch, 1, times], as the network's. */
  readonly mask: Tensor
}

export interface MsTcnLossOptions {
  /** λ of the paper. */
  readonly smoothing?: number
}

/**
 * Σ over stages of cross-entropy + λ·truncated MSE, each a mean over time steps: Farha & Gall, 2019, section 3.3.
 * Logits of every stage, [batch, classes, times] each → a scalar. Cross-entropy is over the labelled time steps alone.
 */
export function msTcnLoss(
  stages: readonly Tensor[],
  { targets, mask }: StepLabels,
  { smoothing = LAMBDA }: MsTcnLossOptions = {},
): Tensor {
  const losses = stages.map(logits => {
    const smooth = truncatedMse(logSoftmax(logits, 1), mask)
    return add(labelledCrossEntropy(logits, targets), mul(smooth, scalarOf(logits, smoothing)))
  })
  return losses.reduce(add)
}
