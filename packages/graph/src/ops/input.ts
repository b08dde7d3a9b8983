import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import type { TensorType } from '../tensor-value.ts'
import { declaredType, requireLeafName } from './leaf.ts'

export const inputRule: Rule<'input'> = {
  type: (_, { type }) => declaredType('input', type),
  gradient: 'none',
}

/** A tensor fed at every run under `name`. */
export function input(name: string, type: TensorType): Tensor {
  requireLeafName(name)
  return makeTensor('input', inputRule, [], { name, type })
}
