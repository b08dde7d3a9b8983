import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { type DType, isFloat } from '../tensor-value.ts'

export const castRule: Rule<'cast'> = {
  type: ([x], { to }) => ({ dtype: to, shape: x.shape }),
  // An integer has no gradient to pass on, and takes none.
  gradient: (d, { inputs: [x] }) => [isFloat(x.dtype) ? cast(d, x.dtype) : undefined],
}

/** y = x in another element type; to a narrower float it rounds to nearest even. */
export function cast(x: Tensor, to: DType): Tensor {
  return makeTensor('cast', castRule, [x], { to })
}
