import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { broadcastType } from './broadcast.ts'

export const divRule: Rule<'div'> = {
  type: ([a, b]) => broadcastType('div', a, b),
}

/** y = a / b, element by element, broadcasting. */
export function div(a: Tensor, b: Tensor): Tensor {
  return makeTensor('div', divRule, [a, b], {})
}
