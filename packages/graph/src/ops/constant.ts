import { makeTensor, refuse } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { elementCount, type TensorValue } from '../tensor-value.ts'
import { declaredType } from './leaf.ts'

export const constantRule: Rule<'constant'> = {
  type: (_, { value }) => {
    const count = elementCount(value.shape)
    if (value.data.length !== count) {
      refuse('constant', [], `shape [${value.shape.join(', ')}] holds ${count} elements, not ${value.data.length}`)
    }
    return declaredType('constant', value)
  },
  gradient: 'none',
}

/** A tensor whose value is part of the graph. */
export function constant(value: TensorValue): Tensor {
  return makeTensor('constant', constantRule, [], { value })
}
