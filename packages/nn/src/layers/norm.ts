import { layerNorm, type Tensor } from '@takt/graph'
import { ones, zeros } from '../initialisers.ts'
import type { Leaf } from '../parameters.ts'

/** weight and bias [dim]. */
export interface Norm<T> {
  readonly weight: T
  readonly bias: T
}

/** The ViT family's ε. */
const EPSILON = 1e-6

export function declareNorm<T>(leaf: Leaf<T>, dim: number): Norm<T> {
  return {
    weight: leaf({ name: 'weight', shape: [dim], initialiser: ones }),
    bias: leaf({ name: 'bias', shape: [dim], initialiser: zeros }),
  }
}

/** Layer normalisation over the last axis. */
export function norm({ weight, bias }: Norm<Tensor>, x: Tensor, epsilon = EPSILON): Tensor {
  return layerNorm([x, weight, bias], epsilon)
}
