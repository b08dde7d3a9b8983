import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { floatType } from './float.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'

// Sine and cosine are each in the other's derivative, so they share a file.

export const sinRule: Rule<'sin'> = {
  type: ([x]) => floatType('sin', x),
  gradient: (d, { inputs: [x] }) => [mul(d, cos(x))],
}

/** y = sin x, of radians, element by element. */
export function sin(x: Tensor): Tensor {
  return makeTensor('sin', sinRule, [x], {})
}

export const cosRule: Rule<'cos'> = {
  type: ([x]) => floatType('cos', x),
  gradient: (d, { inputs: [x] }) => [neg(mul(d, sin(x)))],
}

/** y = cos x, of radians, element by element. */
export function cos(x: Tensor): Tensor {
  return makeTensor('cos', cosRule, [x], {})
}
