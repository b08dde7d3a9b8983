import { type Composed, graphError } from './errors.ts'
import { captureOrigin } from './origin.ts'
import type { Attributes, Inputs, Operator, Origin, Rule, Tensor, TensorOf } from './tensor.ts'

/** Applies an operator: its rule types the result, and the caller's place is remembered unless another is given. */
export function makeTensor<O extends Operator>(
  operator: O,
  rule: Rule<O>,
  inputs: Inputs<O>,
  attributes: Attributes<O>,
  origin: Origin = captureOrigin(makeTensor),
): TensorOf<O> & Tensor {
  const { dtype, shape } = rule.type(inputs, attributes)
  return Object.freeze({ operator, inputs, attributes, dtype, shape, origin }) as TensorOf<O> & Tensor
}

/** Refuses operands, naming the operator, the operands' types, and where each was made. */
export function refuse(operator: Operator | Composed, inputs: readonly Tensor[], reason: string): never {
  throw graphError('bad_operands', { operator, inputs, reason })
}
