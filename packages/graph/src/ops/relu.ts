import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { floatType } from './float.ts'
import { less } from './less.ts'
import { scalarOf } from './scalar.ts'
import { where } from './where.ts'

export const reluRule: Rule<'relu'> = {
  type: ([x]) => floatType('relu', x),
  // y is above 0 where x is, and is kept for the next product anyway: x need not be. The subgradient at 0 is 0.
  gradient: (d, y) => [where(less(scalarOf(y, 0), y), d, scalarOf(d, 0))],
}

/** y = max(x, 0), element by element. */
export function relu(x: Tensor): Tensor {
  return makeTensor('relu', reluRule, [x], {})
}
