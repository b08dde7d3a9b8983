import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { add } from './add.ts'
import { erf } from './erf.ts'
import { exp } from './exp.ts'
import { floatType } from './float.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { scalarOf } from './scalar.ts'

export const geluRule: Rule<'gelu'> = {
  type: ([x]) => floatType('gelu', x),
  // dy/dx = Φ(x) + x·φ(x), with the normal distribution's Φ and its density φ; u = x/√2 gives x·φ(x) = u·exp(−u²)/√π
  gradient: (d, { inputs: [x] }) => {
    const u = mul(x, scalarOf(x, Math.SQRT1_2))
    const weighted = mul(mul(u, exp(neg(mul(u, u)))), scalarOf(x, 1 / Math.sqrt(Math.PI)))
    return [mul(d, add(normalDistribution(x), weighted))]
  },
}

/** Φ(x) = ½ + ½·erf(x / √2): the share of a normal variable that lies below x. */
export function normalDistribution(x: Tensor): Tensor {
  const half = scalarOf(x, 0.5)
  return add(mul(erf(mul(x, scalarOf(x, Math.SQRT1_2))), half), half)
}

/** y = x · Φ(x) = x/2 · (1 + erf(x / √2)): the exact form of Hendrycks & Gimpel, 2016. */
export function gelu(x: Tensor): Tensor {
  return makeTensor('gelu', geluRule, [x], {})
}
