import { makeTensor, refuse } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { resolveAxis } from './axis.ts'
import { floatType } from './float.ts'

export const topKRule: Rule<'topK'> = {
  type: ([x], { k, axis }) => {
    const size = floatType('topK', x).shape[axis]!
    if (!Number.isInteger(k) || k < 1 || k > size) refuse('topK', [x], `k ${k} is not 1 to ${size}`)
    return { dtype: 'int64', shape: x.shape.with(axis, k) }
  },
  gradient: 'none',
}

/** y = where the k largest elements along `axis` are, the largest first; int64. Their values: `gather`. */
export function topK(x: Tensor, { k, axis = -1 }: { readonly k: number; readonly axis?: number }): Tensor {
  return makeTensor('topK', topKRule, [x], { k, axis: resolveAxis('topK', x, axis) })
}
