import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { broadcastType } from './broadcast.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { reduceTo } from './sum-and-expand.ts'

export const divRule: Rule<'div'> = {
  type: ([a, b]) => broadcastType('div', a, b),
  // ∂/∂a = 1/b and ∂/∂b = −y/b
  gradient: (d, y) => {
    const [a, b] = y.inputs
    const overB = div(d, b)
    return [reduceTo(overB, a.shape), neg(reduceTo(mul(overB, y), b.shape))]
  },
}

/** y = a / b, element by element, broadcasting. */
export function div(a: Tensor, b: Tensor): Tensor {
  return makeTensor('div', divRule, [a, b], {})
}
