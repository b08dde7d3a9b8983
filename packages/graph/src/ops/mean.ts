import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { elementCount } from '../tensor-value.ts'
import { mul } from './mul.ts'
import { type ReductionOptions, reducedType, reduction } from './reduction.ts'
import { scalarOf } from './scalar.ts'
import { overReduced } from './sum-and-expand.ts'

export const meanRule: Rule<'mean'> = {
  type: ([x], attributes) => reducedType('mean', x, attributes),
  // dy/dx = 1/n
  gradient: (d, y) => {
    const [x] = y.inputs
    const share = elementCount(y.shape) / elementCount(x.shape)
    return [overReduced(mul(d, scalarOf(d, share)), x, y.attributes)]
  },
}

/** y = (1/n) Σ x over `axes`, n elements each. */
export function mean(x: Tensor, axes: readonly number[], options: ReductionOptions = {}): Tensor {
  return makeTensor('mean', meanRule, [x], reduction('mean', x, axes, options))
}
