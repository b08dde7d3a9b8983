import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { requireFloats } from './float.ts'

export const geluRule: Rule<'gelu'> = {
  type: ([x]) => {
    requireFloats('gelu', [x])
    return x
  },
}

/** y = x · Φ(x) = x/2 · (1 + erf(x / √2)): the exact form of Hendrycks & Gimpel, 2016. */
export function gelu(x: Tensor): Tensor {
  return makeTensor('gelu', geluRule, [x], {})
}
