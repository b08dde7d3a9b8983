import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { div } from './div.ts'
import { floatType } from './float.ts'
import { mul } from './mul.ts'
import { scalarOf } from './scalar.ts'

export const sqrtRule: Rule<'sqrt'> = {
  type: ([x]) => floatType('sqrt', x),
  // dy/dx = 1/(2y)
  gradient: (d, y) => [div(mul(d, scalarOf(d, 0.5)), y)],
}

/** y = √x, element by element. */
export function sqrt(x: Tensor): Tensor {
  return makeTensor('sqrt', sqrtRule, [x], {})
}
