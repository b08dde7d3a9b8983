import { makeTensor, refuse } from '../make-tensor.ts'
import type { Rule, Tensor, TensorOf } from '../tensor.ts'

export const transposeRule: Rule<'transpose'> = {
  type: ([x], { permutation }) => {
    const isPermutation =
      permutation.length === x.shape.length && x.shape.every((_, axis) => permutation.includes(axis))
    if (!isPermutation) refuse('transpose', [x], `[${permutation.join(', ')}] does not name each axis once`)
    return { dtype: x.dtype, shape: permutation.map(axis => x.shape[axis]!) }
  },
  // By the inverse permutation.
  gradient: (d, { attributes: { permutation } }) => [
    transpose(
      d,
      permutation.map((_, axis) => permutation.indexOf(axis)),
    ),
  ],
}

/** y's axis k is x's axis `permutation[k]`. */
export function transpose(x: Tensor, permutation: readonly number[]): Tensor {
  return makeTensor('transpose', transposeRule, [x], { permutation })
}

/** xᵀ of each matrix in the last two axes. */
export function swapLastAxes(x: Tensor): Tensor {
  return transpose(x, lastAxesSwapped(x))
}

/** Whether a tensor is the transposed matrices of its input. */
export function isSwapOfLastAxes(x: Tensor): x is TensorOf<'transpose'> & Tensor {
  return x.operator === 'transpose' && x.attributes.permutation.join() === lastAxesSwapped(x).join()
}

function lastAxesSwapped({ shape }: Tensor): readonly number[] {
  const axes = [...shape.keys()]
  return [...axes.slice(0, -2), ...axes.slice(-2).toReversed()]
}
