import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import type { TensorType } from '../tensor-value.ts'
import { declaredType, requireLeafName } from './leaf.ts'

export const parameterRule: Rule<'parameter'> = {
  type: (_, { type }) => declaredType('parameter', type),
  gradient: 'none',
}

/** A learnt tensor under `name`; its value lives outside the graph. */
export function parameter(name: string, type: TensorType): Tensor {
  requireLeafName(name)
  return makeTensor('parameter', parameterRule, [], { name, type })
}
