import { makeTensor, refuse } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { elementCount, type Shape } from '../tensor-value.ts'
import { requireSizes } from './leaf.ts'

export const reshapeRule: Rule<'reshape'> = {
  type: ([x], { shape }) => {
    requireSizes('reshape', shape, [x])
    const [had, asked] = [elementCount(x.shape), elementCount(shape)]
    if (had !== asked) refuse('reshape', [x], `${had} elements do not fill [${shape.join(', ')}], which holds ${asked}`)
    return { dtype: x.dtype, shape }
  },
  gradient: (d, { inputs: [x] }) => [reshape(d, x.shape)],
}

/** y holds x's elements, in the same row-major order, under another shape. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  return makeTensor('reshape', reshapeRule, [x], { shape })
}
