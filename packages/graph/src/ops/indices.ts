import { refuse } from '../make-tensor.ts'
import type { Operator, Tensor } from '../tensor.ts'

export function requireIndices(operator: Operator, operands: readonly Tensor[], indices: Tensor): void {
  if (indices.dtype !== 'int64') refuse(operator, operands, `indices are ${indices.dtype}, not int64`)
}
