import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { floatType } from './float.ts'
import { less } from './less.ts'
import { scalarOf } from './scalar.ts'
import { where } from './where.ts'

export const reluRule: Rule<'relu'> = {
  type: ([x]) => floatType('relu', x),
  // The subgradient at 0 is 0.
  gradient: (d, { inputs: [x] }) => [where(less(scalarOf(x, 0), x), d, scalarOf(d, 0))],
}

/** y = max(x, 0), element by element. */
export function relu(x: Tensor): Tensor {
  return makeTensor('relu', reluRule, [x], {})
}
