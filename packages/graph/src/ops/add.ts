import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { broadcastType } from './broadcast.ts'
import { reduceTo } from './sum-and-expand.ts'

export const addRule: Rule<'add'> = {
  type: ([a, b]) => broadcastType('add', a, b),
  gradient: (d, { inputs: [a, b] }) => [reduceTo(d, a.shape), reduceTo(d, b.shape)],
}

/** y = a + b, element by element, broadcasting. */
export function add(a: Tensor, b: Tensor): Tensor {
  return makeTensor('add', addRule, [a, b], {})
}
