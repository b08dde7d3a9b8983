import { gemm, relu, standardise, type Tensor } from '@takt/graph'
import { xavierUniform } from '../initialisers.ts'
import { type BatchNorm, batchNorm, declareBatchNorm } from '../layers/batch-norm.ts'
import { declareLinear, type Linear, linear } from '../layers/linear.ts'
import { below, type Leaf } from '../parameters.ts'

/** A linear layer whose bias is that of the batch norm after it. */
interface Hidden<T> {
  readonly weight: T
  readonly norm: BatchNorm<T>
}

export interface Projector<T> {
  readonly hidden: readonly Hidden<T>[]
  readonly output: Linear<T>
}

export interface ProjectorSizes {
  readonly inputs: number
  readonly hidden: number
  readonly outputs: number
  /** Linear layers: 2 in SimCLR and BYOL, 3 in SimCLR v2, MoCo v3, Barlow Twins and VICReg. */
  readonly layers: number
}

export function declareProjector<T>(leaf: Leaf<T>, { inputs, hidden, outputs, layers }: ProjectorSizes): Projector<T> {
  return {
    hidden: Array.from({ length: layers - 1 }, (_, i) => {
      const own = below(`hidden.${i}`, leaf)
      return {
        weight: own({ name: 'weight', shape: [hidden, i === 0 ? inputs : hidden], initialiser: xavierUniform }),
        norm: declareBatchNorm(below('norm', own), hidden),
      }
    }),
    output: declareLinear(below('output', leaf), layers === 1 ? inputs : hidden, outputs),
  }
}

/**
 * Linear layers with batch norm and ReLU between, [rows, in] → [rows, out]: SimCLR (Chen et al., 2020), BYOL. It exists
 * only in training, so that the batch's own statistics are the only ones.
 */
export function projector({ hidden, output }: Projector<Tensor>, x: Tensor): Tensor {
  let y = x
  for (const { weight, norm } of hidden) y = relu(batchNorm(norm, gemm([y, weight], { transposeB: true })))
  return linear(output, y)
}

/** MoCo v3's end of a projector: each column standardised over the batch, with nothing learnt. */
export function standardiseColumns(x: Tensor): Tensor {
  return standardise(x, { axes: [0], epsilon: 1e-5 }).normalised
}
