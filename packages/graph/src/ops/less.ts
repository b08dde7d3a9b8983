import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { broadcastType } from './broadcast.ts'

export const lessRule: Rule<'less'> = {
  type: ([a, b]) => ({ dtype: 'bool', shape: broadcastType('less', a, b).shape }),
  gradient: 'none',
}

/** y = (a < b) as bool, element by element, broadcasting. */
export function less(a: Tensor, b: Tensor): Tensor {
  return makeTensor('less', lessRule, [a, b], {})
}
