import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { broadcastType } from './broadcast.ts'
import { reduceTo } from './sum-and-expand.ts'

export const mulRule: Rule<'mul'> = {
  type: ([a, b]) => broadcastType('mul', a, b),
  gradient: (d, { inputs: [a, b] }) => [reduceTo(mul(d, b), a.shape), reduceTo(mul(d, a), b.shape)],
}

/** y = a · b, element by element, broadcasting. */
export function mul(a: Tensor, b: Tensor): Tensor {
  return makeTensor('mul', mulRule, [a, b], {})
}
