import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { cos } from './cos.ts'
import { floatType } from './float.ts'
import { mul } from './mul.ts'

export const sinRule: Rule<'sin'> = {
  type: ([x]) => floatType('sin', x),
  gradient: (d, { inputs: [x] }) => [mul(d, cos(x))],
}

/** y = sin x, of radians, element by element. */
export function sin(x: Tensor): Tensor {
  return makeTensor('sin', sinRule, [x], {})
}
