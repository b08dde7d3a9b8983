import { elementCount, gemm, relu, reshape, standardise, type Tensor } from '@takt/graph'
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
 * Linear layers with batch norm and ReLU between: SimCLR (Chen et al., 2020), BYOL. [rows, in] → [rows, out], or
 * [batches, rows, in] → [batches, rows, out], each batch with statistics of its own. It exists only in training, so that
 * these are the only ones.
 */
export function projector({ hidden, output }: Projector<Tensor>, x: Tensor): Tensor {
  const [batches, rows] = [x.shape.slice(0, -1), elementCount(x.shape.slice(0, -1))]
  const flat = (y: Tensor) => reshape(y, [rows, y.shape.at(-1)!])
  const batched = (y: Tensor) => reshape(y, [...batches, y.shape[1]!])
  let y = flat(x)
  for (const { weight, norm } of hidden) {
    y = flat(relu(batchNorm(norm, batched(gemm([y, weight], { transposeB: true })))))
  }
  return batched(linear(output, y))
}

/** MoCo v3's end of a projector: each column standardised over its batch, [rows, dim] or [batches, rows, dim]. */
export function standardiseColumns(x: Tensor): Tensor {
  return standardise(x, { axes: [x.shape.length - 2], epsilon: 1e-5 }).normalised
}
