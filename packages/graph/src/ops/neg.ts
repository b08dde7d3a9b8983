import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { floatType } from './float.ts'

export const negRule: Rule<'neg'> = {
  type: ([x]) => floatType('neg', x),
  gradient: d => [neg(d)],
}

/** y = −x, element by element. */
export function neg(x: Tensor): Tensor {
  return makeTensor('neg', negRule, [x], {})
}
