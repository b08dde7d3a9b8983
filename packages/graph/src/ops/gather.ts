import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { resolveAxis } from './axis.ts'
import { requireIndices } from './indices.ts'
import { scatterAdd } from './scatter-add.ts'
import { transpose } from './transpose.ts'

export const gatherRule: Rule<'gather'> = {
  type: ([x, indices], { axis }) => {
    requireIndices('gather', [x, indices], indices)
    return { dtype: x.dtype, shape: x.shape.toSpliced(axis, 1, ...indices.shape) }
  },
  // Along the first axis the gradient is a scatter; another axis is brought to the front for it, and back.
  gradient: (d, { inputs: [x, indices], attributes: { axis } }) => {
    const gathered = [...indices.shape.keys()].map(i => axis + i)
    const scattered = scatterAdd(axesFirst(d, gathered), indices, x.shape[axis]!)
    return [axis === 0 ? scattered : transpose(scattered, backTo(axis, x.shape.length)), undefined]
  },
}

function axesFirst(d: Tensor, axes: readonly number[]): Tensor {
  if (axes[0] === 0 || axes.length === 0) return d
  return transpose(d, [...axes, ...[...d.shape.keys()].filter(axis => !axes.includes(axis))])
}

/** The permutation that takes the first of `rank` axes to `axis`. */
function backTo(axis: number, rank: number): readonly number[] {
  return Array.from({ length: rank }, (_, i) => (i === axis ? 0 : i < axis ? i + 1 : i))
}

/** y[…, i…, …] = x[…, indices[i…], …] along `axis`: the axis is replaced by those of the indices, which are int64. */
export function gather(x: Tensor, indices: Tensor, axis = 0): Tensor {
  return makeTensor('gather', gatherRule, [x, indices], { axis: resolveAxis('gather', x, axis) })
}
