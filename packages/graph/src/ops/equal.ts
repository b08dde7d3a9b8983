import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { broadcastType } from './broadcast.ts'

export const equalRule: Rule<'equal'> = {
  type: ([a, b]) => ({ dtype: 'bool', shape: broadcastType('equal', a, b).shape }),
  gradient: 'none',
}

/** y = (a = b) as bool, element by element, broadcasting. */
export function equal(a: Tensor, b: Tensor): Tensor {
  return makeTensor('equal', equalRule, [a, b], {})
}
