import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { floatType } from './float.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { sin } from './sin.ts'

export const cosRule: Rule<'cos'> = {
  type: ([x]) => floatType('cos', x),
  gradient: (d, { inputs: [x] }) => [neg(mul(d, sin(x)))],
}

/** y = cos x, of radians, element by element. */
export function cos(x: Tensor): Tensor {
  return makeTensor('cos', cosRule, [x], {})
}
