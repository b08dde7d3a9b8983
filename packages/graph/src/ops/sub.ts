import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { broadcastType } from './broadcast.ts'

export const subRule: Rule<'sub'> = {
  type: ([a, b]) => broadcastType('sub', a, b),
}

/** y = a − b, element by element, broadcasting. */
export function sub(a: Tensor, b: Tensor): Tensor {
  return makeTensor('sub', subRule, [a, b], {})
}
