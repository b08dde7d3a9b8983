import { refuse } from '../make-tensor.ts'
import type { Operator, Tensor } from '../tensor.ts'
import type { Shape, TensorType } from '../tensor-value.ts'

/** The shape two shapes stretch to, aligned at the last axis, where a size of 1 stretches; else undefined. */
export function broadcastShapes(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length)
  const shape: number[] = []
  for (let axis = 0; axis < rank; axis++) {
    const sizeA = a[a.length - rank + axis] ?? 1
    const sizeB = b[b.length - rank + axis] ?? 1
    if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1) return undefined
    shape.push(sizeA === 1 ? sizeB : sizeA)
  }
  return shape
}

/** Type of an element-wise operator of two operands of one element type. */
export function broadcastType(operator: Operator, a: Tensor, b: Tensor): TensorType {
  if (a.dtype !== b.dtype) refuse(operator, [a, b], `element types differ: ${a.dtype} and ${b.dtype}`)
  const shape = broadcastShapes(a.shape, b.shape)
  if (!shape) refuse(operator, [a, b], `shapes [${a.shape.join(', ')}] and [${b.shape.join(', ')}] do not broadcast`)
  return { dtype: a.dtype, shape }
}
