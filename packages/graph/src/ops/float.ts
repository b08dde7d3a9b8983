import { refuse } from '../make-tensor.ts'
import type { Operator, Tensor } from '../tensor.ts'
import { isFloat, type TensorType } from '../tensor-value.ts'

/** Refuses operands that are not of one floating-point type. */
export function requireFloats(operator: Operator, tensors: readonly Tensor[]): void {
  const [first] = tensors
  if (!first || !isFloat(first.dtype) || tensors.some(({ dtype }) => dtype !== first.dtype)) {
    refuse(operator, tensors, `takes one floating-point type, not ${tensors.map(t => t.dtype).join(', ')}`)
  }
}

/** Type of an element-wise operator of one floating-point operand. */
export function floatType(operator: Operator, x: Tensor): TensorType {
  requireFloats(operator, [x])
  return x
}
