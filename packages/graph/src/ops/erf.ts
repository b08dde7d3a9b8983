import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { exp } from './exp.ts'
import { floatType } from './float.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { scalarOf } from './scalar.ts'

export const erfRule: Rule<'erf'> = {
  type: ([x]) => floatType('erf', x),
  // dy/dx = 2/√π · exp(−x²)
  gradient: (d, { inputs: [x] }) => [mul(d, mul(exp(neg(mul(x, x))), scalarOf(d, 2 / Math.sqrt(Math.PI))))],
}

/** y = 2/√π · ∫₀ˣ exp(−t²) dt, element by element. */
export function erf(x: Tensor): Tensor {
  return makeTensor('erf', erfRule, [x], {})
}
