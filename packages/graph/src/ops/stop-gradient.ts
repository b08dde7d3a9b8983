import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'

export const stopGradientRule: Rule<'stopGradient'> = {
  type: ([x]) => x,
  gradient: 'none',
}

/** y = x, taken as a constant by differentiation: a target, a teacher, a centre. */
export function stopGradient(x: Tensor): Tensor {
  return makeTensor('stopGradient', stopGradientRule, [x], {})
}
