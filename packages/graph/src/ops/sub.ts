import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { broadcastType } from './broadcast.ts'
import { neg } from './neg.ts'
import { reduceTo } from './sum-and-expand.ts'

export const subRule: Rule<'sub'> = {
  type: ([a, b]) => broadcastType('sub', a, b),
  gradient: (d, { inputs: [a, b] }) => [reduceTo(d, a.shape), neg(reduceTo(d, b.shape))],
}

/** y = a − b, element by element, broadcasting. */
export function sub(a: Tensor, b: Tensor): Tensor {
  return makeTensor('sub', subRule, [a, b], {})
}
