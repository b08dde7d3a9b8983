import { makeTensor, refuse } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { sameShape } from '../tensor-value.ts'
import { requireFloats } from './float.ts'
import { gather } from './gather.ts'
import { requireIndices } from './indices.ts'
import { requireSizes } from './leaf.ts'

export const scatterAddRule: Rule<'scatterAdd'> = {
  type: ([updates, indices], { size }) => {
    requireFloats('scatterAdd', [updates])
    requireIndices('scatterAdd', [updates, indices], indices)
    requireSizes('scatterAdd', [size])
    const rank = indices.shape.length
    if (!sameShape(updates.shape.slice(0, rank), indices.shape)) {
      refuse('scatterAdd', [updates, indices], `updates do not start with the indices' [${indices.shape.join(', ')}]`)
    }
    return { dtype: updates.dtype, shape: [size, ...updates.shape.slice(rank)] }
  },
  gradient: (d, { inputs: [, indices] }) => [gather(d, indices), undefined],
}

/** y[j] = Σ updates[i…] over all i… with indices[i…] = j; rows of `size` that no index names are zero. */
export function scatterAdd(updates: Tensor, indices: Tensor, size: number): Tensor {
  return makeTensor('scatterAdd', scatterAddRule, [updates, indices], { size })
}
