import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { resolveAxis } from './axis.ts'
import { requireFloats } from './float.ts'

export const softmaxRule: Rule<'softmax'> = {
  type: ([x]) => {
    requireFloats('softmax', [x])
    return x
  },
}

/** yᵢ = exp(xᵢ − max x) / Σⱼ exp(xⱼ − max x) along `axis`, the last one by default. */
export function softmax(x: Tensor, axis = -1): Tensor {
  return makeTensor('softmax', softmaxRule, [x], { axis: resolveAxis('softmax', x, axis) })
}
