import { makeTensor, refuse } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { sameShape } from '../tensor-value.ts'
import { resolveAxis } from './axis.ts'
import { slice } from './slice-and-pad.ts'

export const concatRule: Rule<'concat'> = {
  type: (parts, { axis }) => {
    const [first] = parts
    if (!first) refuse('concat', parts, 'takes one tensor or more')
    const { dtype, shape } = first
    const fits = (part: Tensor) => part.dtype === dtype && sameShape(part.shape.toSpliced(axis, 1, shape[axis]!), shape)
    if (!parts.every(fits)) refuse('concat', parts, `parts differ beyond their sizes along axis ${axis}`)
    return { dtype, shape: shape.with(axis, totalSize(parts, axis)) }
  },
  gradient: (d, { inputs: parts, attributes: { axis } }) =>
    parts.map((part, i) => {
      const start = totalSize(parts.slice(0, i), axis)
      return slice(d, { axis, start, end: start + part.shape[axis]! })
    }),
}

function totalSize(parts: readonly Tensor[], axis: number): number {
  return parts.reduce((total, part) => total + part.shape[axis]!, 0)
}

/** y = the parts one after another along `axis`. */
export function concat(parts: readonly Tensor[], axis: number): Tensor {
  const [first] = parts
  return makeTensor('concat', concatRule, parts, { axis: first ? resolveAxis('concat', first, axis) : axis })
}
