import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { floatType } from './float.ts'
import { mul } from './mul.ts'
import { sign } from './sign.ts'

export const absRule: Rule<'abs'> = {
  type: ([x]) => floatType('abs', x),
  // The subgradient at 0 is 0.
  gradient: (d, { inputs: [x] }) => [mul(d, sign(x))],
}

/** y = |x|, element by element. */
export function abs(x: Tensor): Tensor {
  return makeTensor('abs', absRule, [x], {})
}
