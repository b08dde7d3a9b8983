import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { floatType } from './float.ts'
import { mul } from './mul.ts'
import { scalarOf } from './scalar.ts'
import { sub } from './sub.ts'

export const sigmoidRule: Rule<'sigmoid'> = {
  type: ([x]) => floatType('sigmoid', x),
  // dy/dx = y·(1 − y)
  gradient: (d, y) => [mul(d, mul(y, sub(scalarOf(d, 1), y)))],
}

/** y = 1 / (1 + e⁻ˣ), element by element. */
export function sigmoid(x: Tensor): Tensor {
  return makeTensor('sigmoid', sigmoidRule, [x], {})
}
