import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { resolveAxis } from './axis.ts'
import { floatType } from './float.ts'
import { mul } from './mul.ts'
import { sub } from './sub.ts'
import { sum } from './sum-and-expand.ts'

export const softmaxRule: Rule<'softmax'> = {
  type: ([x]) => floatType('softmax', x),
  // ∂/∂xᵢ = yᵢ·(dᵢ − Σⱼ dⱼ·yⱼ)
  gradient: (d, y) => {
    const rowSum = sum(mul(d, y), [y.attributes.axis], { keepAxes: true })
    return [mul(y, sub(d, rowSum))]
  },
}

/** yᵢ = exp(xᵢ − max x) / Σⱼ exp(xⱼ − max x) along `axis`, the last one by default. */
export function softmax(x: Tensor, axis = -1): Tensor {
  return makeTensor('softmax', softmaxRule, [x], { axis: resolveAxis('softmax', x, axis) })
}
