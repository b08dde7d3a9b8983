import { add, type Tensor } from '@takt/graph'
import { below, type Leaf } from '../parameters.ts'
import { type Attention, attention, declareAttention, type Sequences } from './attention.ts'
import { declareLayerScale, type LayerScale, layerScale } from './layer-scale.ts'
import { declareMlp, type Mlp, mlp } from './mlp.ts'
import { declareNorm, type Norm, norm } from './norm.ts'

export interface Block<T> {
  readonly norm1: Norm<T>
  readonly attention: Attention<T>
  readonly norm2: Norm<T>
  readonly mlp: Mlp<T>
  /** Of what attention and MLP add, in blocks that scale it. */
  readonly scales?: readonly [LayerScale<T>, LayerScale<T>]
}

export interface BlockOptions {
  readonly dim: number
  /** First value of the layer scales; without it there are none. */
  readonly layerScale?: number | undefined
  /** Width of the MLP's hidden layer; 4 times `dim` where left out. */
  readonly mlpWidth?: number | undefined
}

/** How the blocks run over their sequences. */
export interface BlockSequences extends Sequences {
  /** Of the norms; that of the ViT family where left out. */
  readonly epsilon?: number | undefined
}

export function declareBlock<T>(leaf: Leaf<T>, { dim, layerScale: initial, mlpWidth }: BlockOptions): Block<T> {
  const block = {
    norm1: declareNorm(below('norm1', leaf), dim),
    attention: declareAttention(below('attention', leaf), dim),
    norm2: declareNorm(below('norm2', leaf), dim),
    mlp: declareMlp(below('mlp', leaf), dim, mlpWidth),
  }
  if (initial === undefined) return block
  const scale = (name: string) => declareLayerScale(below(name, leaf), dim, initial)
  return { ...block, scales: [scale('scale1'), scale('scale2')] }
}

/** A transformer block that normalises first, [batch·tokens, dim] → the same: Dosovitskiy et al., 2021. */
export function block(parameters: Block<Tensor>, x: Tensor, sequences: BlockSequences): Tensor {
  const { epsilon } = sequences
  const [scale1, scale2] = parameters.scales ?? []
  const attended = attention(parameters.attention, norm(parameters.norm1, x, epsilon), sequences)
  const y = add(x, scale1 ? layerScale(scale1, attended) : attended)
  const expanded = mlp(parameters.mlp, norm(parameters.norm2, y, epsilon))
  return add(y, scale2 ? layerScale(scale2, expanded) : expanded)
}

export function declareBlocks<T>(leaf: Leaf<T>, depth: number, options: BlockOptions): readonly Block<T>[] {
  return Array.from({ length: depth }, (_, i) => declareBlock(below(`blocks.${i}`, leaf), options))
}

/** One block after another, [batch·tokens, dim] → the same. */
export function blocks(parameters: readonly Block<Tensor>[], x: Tensor, sequences: BlockSequences): Tensor {
  return parameters.reduce((rows, next) => block(next, rows, sequences), x)
}
