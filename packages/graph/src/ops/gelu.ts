import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { add } from './add.ts'
import { erf } from './erf.ts'
import { exp } from './exp.ts'
import { floatType } from './float.ts'
import { mul } from './mul.ts'
import { scalarOf } from './scalar.ts'

export const geluRule: Rule<'gelu'> = {
  type: ([x]) => floatType('gelu', x),
  // dy/dx = Φ(x) + x·φ(x), with the normal distribution's Φ and its density φ
  gradient: (d, { inputs: [x] }) => {
    const half = scalarOf(x, 0.5)
    const distribution = add(mul(erf(mul(x, scalarOf(x, Math.SQRT1_2))), half), half)
    const density = mul(exp(mul(mul(x, x), scalarOf(x, -0.5))), scalarOf(x, 1 / Math.sqrt(2 * Math.PI)))
    return [mul(d, add(distribution, mul(x, density)))]
  },
}

/** y = x · Φ(x) = x/2 · (1 + erf(x / √2)): the exact form of Hendrycks & Gimpel, 2016. */
export function gelu(x: Tensor): Tensor {
  return makeTensor('gelu', geluRule, [x], {})
}
