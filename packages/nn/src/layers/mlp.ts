import { gelu, type Tensor } from '@takt/graph'
import { below, type Leaf } from '../parameters.ts'
import { declareLinear, type Linear, linear } from './linear.ts'

export interface Mlp<T> {
  readonly hidden: Linear<T>
  readonly output: Linear<T>
}

/** Width of the hidden layer over that of the tokens, unless another is named. */
const EXPANSION = 4

export function declareMlp<T>(leaf: Leaf<T>, dim: number, width = EXPANSION * dim): Mlp<T> {
  return {
    hidden: declareLinear(below('hidden', leaf), dim, width),
    output: declareLinear(below('output', leaf), width, dim),
  }
}

/** Two linear layers with GELU between, [rows, dim] → [rows, dim]. */
export function mlp({ hidden, output }: Mlp<Tensor>, x: Tensor): Tensor {
  return linear(output, gelu(linear(hidden, x)))
}
