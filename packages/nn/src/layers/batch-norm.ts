import { batchNorm as standardiseBatch, type Tensor } from '@takt/graph'
import { ones, zeros } from '../initialisers.ts'
import type { Leaf } from '../parameters.ts'

/** weight and bias [dim]. */
export interface BatchNorm<T> {
  readonly weight: T
  readonly bias: T
}

/** Ioffe & Szegedy's ε, as in PyTorch. */
const EPSILON = 1e-5

export function declareBatchNorm<T>(leaf: Leaf<T>, dim: number): BatchNorm<T> {
  return {
    weight: leaf({ name: 'weight', shape: [dim], initialiser: ones }),
    bias: leaf({ name: 'bias', shape: [dim], initialiser: zeros }),
  }
}

/** Each column by the batch's own mean and deviation: [rows, dim] → the same, or [batches, rows, dim], each by its own. */
export function batchNorm({ weight, bias }: BatchNorm<Tensor>, x: Tensor): Tensor {
  return standardiseBatch([x, weight, bias], { axes: [x.shape.length - 2], epsilon: EPSILON }).y
}
