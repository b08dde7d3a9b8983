import { gemm, type Tensor } from '@takt/graph'
import { xavierUniform, zeros } from '../initialisers.ts'
import type { Leaf } from '../parameters.ts'

/** weight [out, in], bias [out]: PyTorch's layout, so that published weights fit. */
export interface Linear<T> {
  readonly weight: T
  readonly bias: T
}

export function declareLinear<T>(leaf: Leaf<T>, inputs: number, outputs: number): Linear<T> {
  return {
    weight: leaf({ name: 'weight', shape: [outputs, inputs], initialiser: xavierUniform }),
    bias: leaf({ name: 'bias', shape: [outputs], initialiser: zeros }),
  }
}

/** y = x·Wᵀ + b over rows, [rows, in] → [rows, out]. */
export function linear({ weight, bias }: Linear<Tensor>, x: Tensor): Tensor {
  return gemm([x, weight, bias], { transposeB: true })
}
