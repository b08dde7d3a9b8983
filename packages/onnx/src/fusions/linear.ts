import { type Tensor, type TensorOf, toNumbers } from '@takt/graph'
import type { Scope } from '../lowered.ts'

/** y = x·weightᵀ + bias over rows, of values that the model holds: weight [out, in], bias [out]. */
export interface Linear {
  readonly x: Tensor
  readonly weight: Held
  readonly bias: Held
}

/** A tensor whose value is known when a model is written. */
export type Held = TensorOf<'parameter'> | TensorOf<'constant'>

export function matchLinear(tensor: Tensor): Linear | undefined {
  if (tensor.operator !== 'gemm' || tensor.dtype !== 'float32') return undefined
  const { transposeA, transposeB } = tensor.attributes
  const [x, weight, bias] = tensor.inputs
  if (transposeA || !transposeB || !isHeld(weight) || !bias || !isHeld(bias)) return undefined
  return bias.shape.length === 1 && bias.shape[0] === tensor.shape[1] ? { x, weight, bias } : undefined
}

export function numbersOf(tensor: Held, { parameterValue }: Pick<Scope, 'parameterValue'>): readonly number[] {
  if (tensor.operator === 'constant') return toNumbers(tensor.attributes.value)
  return toNumbers(parameterValue(tensor.attributes.name, tensor.attributes.type))
}

export function isHeld(tensor: Tensor): tensor is Held & Tensor {
  return tensor.operator === 'parameter' || tensor.operator === 'constant'
}
