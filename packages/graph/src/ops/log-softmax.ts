import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { resolveAxis } from './axis.ts'
import { exp } from './exp.ts'
import { floatType } from './float.ts'
import { mul } from './mul.ts'
import { sub } from './sub.ts'
import { sum } from './sum-and-expand.ts'

export const logSoftmaxRule: Rule<'logSoftmax'> = {
  type: ([x]) => floatType('logSoftmax', x),
  // ∂/∂xᵢ = dᵢ − exp(yᵢ)·Σⱼ dⱼ
  gradient: (d, y) => [sub(d, mul(exp(y), sum(d, [y.attributes.axis], { keepAxes: true })))],
}

/** yᵢ = xᵢ − max x − ln Σⱼ exp(xⱼ − max x) along `axis`, the last one by default. */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  return makeTensor('logSoftmax', logSoftmaxRule, [x], { axis: resolveAxis('logSoftmax', x, axis) })
}
