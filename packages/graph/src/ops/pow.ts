import { makeTensor, refuse } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { floatType } from './float.ts'
import { mul } from './mul.ts'
import { scalarOf } from './scalar.ts'

export const powRule: Rule<'pow'> = {
  type: ([x], { exponent }) => {
    if (!Number.isFinite(exponent)) refuse('pow', [x], `exponent ${exponent} is not finite`)
    return floatType('pow', x)
  },
  // dy/dx = p·xᵖ⁻¹; of x⁰ it is 0 even at 0, where 0·x⁻¹ is no number.
  gradient: (d, { inputs: [x], attributes: { exponent } }) => [
    mul(d, exponent === 0 ? scalarOf(d, 0) : mul(pow(x, exponent - 1), scalarOf(d, exponent))),
  ],
}

/** y = xᵖ for a fixed p, element by element. */
export function pow(x: Tensor, exponent: number): Tensor {
  return makeTensor('pow', powRule, [x], { exponent })
}
