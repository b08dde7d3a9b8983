import { add, type Tensor } from '@takt/graph'
import { below, type Leaf } from '../parameters.ts'
import { type Attention, attention, declareAttention, type Sequences } from './attention.ts'
import { declareMlp, type Mlp, mlp } from './mlp.ts'
import { declareNorm, type Norm, norm } from './norm.ts'

export interface Block<T> {
  readonly norm1: Norm<T>
  readonly attention: Attention<T>
  readonly norm2: Norm<T>
  readonly mlp: Mlp<T>
}

export function declareBlock<T>(leaf: Leaf<T>, dim: number): Block<T> {
  return {
    norm1: declareNorm(below('norm1', leaf), dim),
    attention: declareAttention(below('attention', leaf), dim),
    norm2: declareNorm(below('norm2', leaf), dim),
    mlp: declareMlp(below('mlp', leaf), dim),
  }
}

/** A transformer block that normalises first, [batch·tokens, dim] → the same: Dosovitskiy et al., 2021. */
export function block(parameters: Block<Tensor>, x: Tensor, sequences: Sequences): Tensor {
  const attended = add(x, attention(parameters.attention, norm(parameters.norm1, x), sequences))
  return add(attended, mlp(parameters.mlp, norm(parameters.norm2, attended)))
}
