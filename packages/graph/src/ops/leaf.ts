import { graphError } from '../errors.ts'
import { refuse } from '../make-tensor.ts'
import type { Operator, Tensor } from '../tensor.ts'
import type { Shape, TensorType } from '../tensor-value.ts'

const LEAF_NAME = /^[A-Za-z_][\w.]*$/

/** A name fit for files and printed graphs; it never equals a computed tensor's, which starts with `%`. */
export function requireLeafName(name: string): void {
  if (!LEAF_NAME.test(name)) throw graphError('bad_name', { name })
}

/** The declared type, once every size is known to be a positive integer. */
export function declaredType(operator: Operator, { dtype, shape }: TensorType): TensorType {
  requireSizes(operator, shape)
  return { dtype, shape }
}

export function requireSizes(operator: Operator, shape: Shape, operands: readonly Tensor[] = []): void {
  if (!shape.every(size => Number.isSafeInteger(size) && size > 0)) {
    refuse(operator, operands, `shape [${shape.join(', ')}] must hold positive integers`)
  }
}
