import { l2Normalise, mul, sum, type Tensor } from '@takt/graph'

/** a/‖a‖ · b/‖b‖ of the vectors in the last axis: [groups, batch, dim] twice → [groups, batch]. */
export function cosines(a: Tensor, b: Tensor): Tensor {
  return sum(mul(l2Normalise(a), l2Normalise(b)), [a.shape.length - 1])
}
