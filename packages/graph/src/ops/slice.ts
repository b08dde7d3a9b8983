import { makeTensor, refuse } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { resolveAxis } from './axis.ts'
import { pad } from './pad.ts'

export const sliceRule: Rule<'slice'> = {
  type: ([x], { axis, start, end }) => {
    const size = x.shape[axis]!
    const inside = Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start < end && end <= size
    if (!inside) refuse('slice', [x], `[${start}, ${end}) is not a part of axis ${axis}, which has ${size}`)
    return { dtype: x.dtype, shape: x.shape.with(axis, end - start) }
  },
  gradient: (d, { inputs: [x], attributes: { axis, start, end } }) => [
    pad(d, { axis, before: start, after: x.shape[axis]! - end }),
  ],
}

interface Range {
  readonly axis: number
  readonly start: number
  readonly end: number
}

/** y = the elements of x whose index along `axis` lies in [start, end). */
export function slice(x: Tensor, { axis, start, end }: Range): Tensor {
  return makeTensor('slice', sliceRule, [x], { axis: resolveAxis('slice', x, axis), start, end })
}
