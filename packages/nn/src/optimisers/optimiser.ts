import { elementCount, type Tensor, type TensorType, type TensorValue, tensorValue } from '@takt/graph'
import type { Named } from '../named.ts'

/** What one step of any optimiser is computed from; all tensors are of one floating-point type. */
export interface OptimiserInputs {
  readonly parameters: Named<Tensor>
  /** ∂loss/∂p of every parameter, under its name. */
  readonly gradients: Named<Tensor>
  /** As the step before left it, or `initialState`. */
  readonly state: Named<Tensor>
  /** Learning rate of this step, a scalar. */
  readonly rate: Tensor
  /** Weight decay of this step, a scalar. */
  readonly decay: Tensor
  /** Which step this is, counted from 1, a scalar of the parameters' type. */
  readonly step: Tensor
}

export interface OptimiserOutputs {
  readonly parameters: Named<Tensor>
  readonly state: Named<Tensor>
}

/** A rule that moves parameters against their gradients, as tensors of the graph. */
export interface Optimiser {
  /** The state before the first step: zeros. */
  readonly initialState: (parameters: Named<TensorType>) => Named<TensorValue>
  readonly step: (inputs: OptimiserInputs) => OptimiserOutputs
}

/** Zeros of a parameter's type. */
export function zerosLike({ dtype, shape }: TensorType): TensorValue {
  return tensorValue({ dtype, shape }, new Float64Array(elementCount(shape)))
}
