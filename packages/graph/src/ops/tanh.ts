import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { floatType } from './float.ts'
import { mul } from './mul.ts'
import { scalarOf } from './scalar.ts'
import { sub } from './sub.ts'

export const tanhRule: Rule<'tanh'> = {
  type: ([x]) => floatType('tanh', x),
  // dy/dx = 1 − y²
  gradient: (d, y) => [mul(d, sub(scalarOf(d, 1), mul(y, y)))],
}

/** y = tanh x, element by element. */
export function tanh(x: Tensor): Tensor {
  return makeTensor('tanh', tanhRule, [x], {})
}
