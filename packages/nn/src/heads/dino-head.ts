import { gelu, type Tensor } from '@takt/graph'
import { declareLinear, type Linear, linear } from '../layers/linear.ts'
import { below, type Leaf } from '../parameters.ts'
import { declarePrototypes, type Prototypes, prototypes } from './prototypes.ts'

export interface DinoHead<T> {
  readonly mlp: readonly [Linear<T>, Linear<T>, Linear<T>]
  readonly prototypes: Prototypes<T>
}

export interface DinoHeadSizes {
  readonly inputs: number
  /** 2048 in the paper. */
  readonly hidden: number
  /** 256 in the paper. */
  readonly bottleneck: number
  /** 65536 in the paper; less for fewer images. */
  readonly prototypes: number
}

export function declareDinoHead<T>(leaf: Leaf<T>, sizes: DinoHeadSizes): DinoHead<T> {
  const { inputs, hidden, bottleneck, prototypes: count } = sizes
  return {
    mlp: [
      declareLinear(below('mlp.0', leaf), inputs, hidden),
      declareLinear(below('mlp.1', leaf), hidden, hidden),
      declareLinear(below('mlp.2', leaf), hidden, bottleneck),
    ],
    prototypes: declarePrototypes(below('prototypes', leaf), { dim: bottleneck, count }),
  }
}

/** Three linear layers with GELU between, then the prototypes, [rows, in] → [rows, prototypes]: Caron et al., 2021. */
export function dinoHead({ mlp: [first, second, third], prototypes: last }: DinoHead<Tensor>, x: Tensor): Tensor {
  return prototypes(last, linear(third, gelu(linear(second, gelu(linear(first, x))))))
}
