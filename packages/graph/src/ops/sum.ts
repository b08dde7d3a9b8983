import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { overReduced, type ReductionOptions, reducedType, reduction } from './reduction.ts'

export const sumRule: Rule<'sum'> = {
  type: ([x], attributes) => reducedType('sum', x, attributes),
  gradient: (d, { inputs: [x], attributes }) => [overReduced(d, x, attributes)],
}

/** y = Σ x over `axes`. */
export function sum(x: Tensor, axes: readonly number[], options: ReductionOptions = {}): Tensor {
  return makeTensor('sum', sumRule, [x], reduction('sum', x, axes, options))
}
