import { makeTensor, refuse } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { resolveAxis } from './axis.ts'
import { slice } from './slice.ts'

export const padRule: Rule<'pad'> = {
  type: ([x], { axis, before, after }) => {
    const areCounts = [before, after].every(count => Number.isInteger(count) && count >= 0)
    if (!areCounts) refuse('pad', [x], `${before} before and ${after} after must be whole and not negative`)
    return { dtype: x.dtype, shape: x.shape.with(axis, before + x.shape[axis]! + after) }
  },
  gradient: (d, { inputs: [x], attributes: { axis, before } }) => [
    slice(d, { axis, start: before, end: before + x.shape[axis]! }),
  ],
}

interface Padding {
  readonly axis: number
  readonly before: number
  readonly after: number
}

/** y = x between zeros along `axis`. */
export function pad(x: Tensor, { axis, before, after }: Padding): Tensor {
  return makeTensor('pad', padRule, [x], { axis: resolveAxis('pad', x, axis), before, after })
}
