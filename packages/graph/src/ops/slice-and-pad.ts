import { makeTensor, refuse } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { resolveAxis } from './axis.ts'

// Slicing and padding are adjoint: each is the other's gradient, so they share a file.

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
