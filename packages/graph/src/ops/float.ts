import { refuse } from '../make-tensor.ts'
import type { Operator, Tensor } from '../tensor.ts'

/** Refuses operands that are not of one floating-point type. */
export function requireFloats(operator: Operator, tensors: readonly Tensor[]): void {
  const [first] = tensors
  const isFloat = first?.dtype === 'float32' || first?.dtype === 'float16'
  if (!isFloat || tensors.some(({ dtype }) => dtype !== first.dtype)) {
    refuse(operator, tensors, `takes one floating-point type, not ${tensors.map(t => t.dtype).join(', ')}`)
  }
}
