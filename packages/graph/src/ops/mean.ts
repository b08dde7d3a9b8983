import { makeTensor, refuse } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { resolveAxis } from './axis.ts'
import { requireFloats } from './float.ts'

export const meanRule: Rule<'mean'> = {
  type: ([x], { axes }) => {
    requireFloats('mean', [x])
    if (axes.length === 0 || new Set(axes).size !== axes.length) {
      refuse('mean', [x], `axes [${axes.join(', ')}] must be one or more, each once`)
    }
    return { dtype: x.dtype, shape: x.shape.filter((_, axis) => !axes.includes(axis)) }
  },
}

/** y = (1/n) Σ x over `axes`, n elements each; the axes are gone from the result. */
export function mean(x: Tensor, axes: readonly number[]): Tensor {
  const resolved = axes.map(axis => resolveAxis('mean', x, axis))
  return makeTensor('mean', meanRule, [x], { axes: resolved })
}
