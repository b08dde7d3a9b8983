import { add, concat, expand, gather, reshape, type Tensor } from '@takt/graph'
import { truncatedNormal } from './initialisers.ts'
import { type Block, blocks, declareBlocks } from './layers/block.ts'
import { declareLinear, type Linear, linear } from './layers/linear.ts'
import { declareNorm, type Norm, norm } from './layers/norm.ts'
import { dropTokens } from './layers/tokens.ts'
import { below, type Leaf } from './parameters.ts'

/** A narrow transformer from tokens that are seen to tokens that are not. */
export interface Predictor<T> {
  readonly input: Linear<T>
  /** [dim]: stands for each token that is not seen. */
  readonly maskToken: T
  readonly blocks: readonly Block<T>[]
  readonly norm: Norm<T>
  readonly output: Linear<T>
}

export interface PredictorSpec {
  /** Width of the encoder's tokens. */
  readonly inputs: number
  readonly dim: number
  readonly depth: number
  readonly heads: number
  /** Numbers predicted for each token: a tubelet's pixels, or the encoder's width. */
  readonly outputs: number
}

export function declarePredictor<T>(leaf: Leaf<T>, { inputs, dim, depth, outputs }: PredictorSpec): Predictor<T> {
  return {
    input: declareLinear(below('input', leaf), inputs, dim),
    maskToken: leaf({ name: 'maskToken', shape: [dim], initialiser: truncatedNormal(0.02) }),
    blocks: declareBlocks(leaf, depth, { dim }),
    norm: declareNorm(below('norm', leaf), dim),
    output: declareLinear(below('output', leaf), dim, outputs),
  }
}

export interface Masked {
  /** The encoder's tokens of what is seen, [batch·kept, inputs]. */
  readonly encoded: Tensor
  /** Which tokens these are: int64 [batch, kept]. */
  readonly visible: Tensor
  /** Which tokens to predict: int64 [batch, hidden]. */
  readonly hidden: Tensor
  /** [tokens, dim] of the predictor. */
  readonly positions: Tensor
}

/**
 * What the hidden tokens are, [batch·hidden, outputs]: mask tokens at the hidden positions attend to the visible tokens.
 * The decoder of MAE (He et al., 2022) and VideoMAE, where the outputs are pixels, and the predictor of I-JEPA
 * (Assran et al., 2023) and V-JEPA, where they are a teacher's features.
 */
export function predictor(parameters: Predictor<Tensor>, masked: Masked, { dim, heads }: PredictorSpec): Tensor {
  const { encoded, visible, hidden, positions } = masked
  const [batch, kept] = visible.shape as [number, number]
  const tokens = kept + hidden.shape[1]!

  const seen = add(reshape(linear(parameters.input, encoded), [batch, kept, dim]), gather(positions, visible))
  const sought = add(expand(parameters.maskToken, [...hidden.shape, dim]), gather(positions, hidden))
  const x = reshape(concat([seen, sought], 1), [batch * tokens, dim])
  const attended = blocks(parameters.blocks, x, { batch, tokens, heads })

  const predicted = dropTokens(reshape(attended, [batch, tokens, dim]), kept)
  return linear(parameters.output, norm(parameters.norm, reshape(predicted, [batch * (tokens - kept), dim])))
}
