import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { cast } from './cast.ts'
import { div } from './div.ts'
import { equal } from './equal.ts'
import { mul } from './mul.ts'
import { type ReductionOptions, reducedType, reduction } from './reduction.ts'
import { overReduced, sum } from './sum-and-expand.ts'

export const maxRule: Rule<'max'> = {
  type: ([x], attributes) => reducedType('max', x, attributes),
  // d goes to the elements that reach the maximum, in equal shares.
  gradient: (d, y) => {
    const { inputs, attributes } = y
    const [x] = inputs
    const reaches = cast(equal(x, overReduced(y, x, attributes)), x.dtype)
    const share = div(d, sum(reaches, attributes.axes, attributes))
    return [mul(overReduced(share, x, attributes), reaches)]
  },
}

/** y = the largest x over `axes`. */
export function max(x: Tensor, axes: readonly number[], options: ReductionOptions = {}): Tensor {
  return makeTensor('max', maxRule, [x], reduction('max', x, axes, options))
}
