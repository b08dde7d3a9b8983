import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { add } from './add.ts'
import { erf } from './erf.ts'
import { exp } from './exp.ts'
import { floatType } from './float.ts'
import { mul } from './mul.ts'
import { scalarOf } from './scalar.ts'
import { sub } from './sub.ts'

export const geluRule: Rule<'gelu'> = {
  type: ([x]) => floatType('gelu', x),
  // dy/dx = Φ(x) + x·φ(x), with the normal distribution's Φ and its density φ; u = x/√2 gives x·φ(x) = u·exp(ln 1/√π − u²)
  gradient: (d, { inputs: [x] }) => {
    const u = mul(x, scalarOf(x, Math.SQRT1_2))
    const density = exp(sub(scalarOf(x, -Math.log(Math.PI) / 2), mul(u, u)))
    return [mul(d, add(normalDistribution(x), mul(u, density)))]
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
