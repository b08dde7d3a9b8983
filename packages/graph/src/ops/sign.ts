import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { floatType } from './float.ts'

export const signRule: Rule<'sign'> = {
  type: ([x]) => floatType('sign', x),
  gradient: 'none',
}

/** y = −1, 0 or 1 as x is below, at or above zero, element by element. */
export function sign(x: Tensor): Tensor {
  return makeTensor('sign', signRule, [x], {})
}
