import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { floatType } from './float.ts'
import { mul } from './mul.ts'

export const expRule: Rule<'exp'> = {
  type: ([x]) => floatType('exp', x),
  gradient: (d, y) => [mul(d, y)],
}

/** y = eˣ, element by element. */
export function exp(x: Tensor): Tensor {
  return makeTensor('exp', expRule, [x], {})
}
