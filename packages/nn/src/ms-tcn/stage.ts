import { mul, type Tensor } from '@takt/graph'
import { declareTemporalConv, type TemporalConv, temporalConv } from '../layers/temporal-conv.ts'
import { below, type Leaf } from '../parameters.ts'
import { type DilatedLayer, declareDilatedLayer, dilatedLayer, type MaskedTimes } from './dilated-layer.ts'

export interface Stage<T> {
  readonly input: TemporalConv<T>
  readonly layers: readonly DilatedLayer<T>[]
  readonly output: TemporalConv<T>
}

export interface StageSizes {
  /** Features of a time step. */
  readonly inputs: number
  /** 64 in the paper. */
  readonly maps: number
  readonly classes: number
  /** 10 in the paper; a result then sees 2ⁿ⁺¹ − 1 time steps. */
  readonly layers: number
}

export function declareStage<T>(leaf: Leaf<T>, { inputs, maps, classes, layers }: StageSizes): Stage<T> {
  return {
    input: declareTemporalConv(below('input', leaf), { inputs, outputs: maps, taps: 1 }),
    layers: Array.from({ length: layers }, (_, i) => declareDilatedLayer(below(`layers.${i}`, leaf), maps)),
    output: declareTemporalConv(below('output', leaf), { inputs: maps, outputs: classes, taps: 1 }),
  }
}

/** Features [batch, inputs, times], or what a stage's input layer makes of features in another form. */
export type StageInput = Tensor | ((input: TemporalConv<Tensor>) => Tensor)

/** What the layers see, [batch, maps, times]. */
export function enterStage(input: TemporalConv<Tensor>, x: StageInput, { mask }: MaskedTimes): Tensor {
  return mul(typeof x === 'function' ? x(input) : temporalConv(input, x), mask)
}

/**
 * Layers whose dilation doubles, [batch, inputs, times] → logits [batch, classes, times]: Farha & Gall, 2019, section
 * 3.1. Masked after every layer, the first included, so that a sequence scores in a batch as it does alone.
 */
export function stage({ input, layers, output }: Stage<Tensor>, x: StageInput, times: MaskedTimes): Tensor {
  let y = enterStage(input, x, times)
  for (const [i, layer] of layers.entries()) y = dilatedLayer(layer, y, { ...times, dilation: 2 ** i })
  return mul(temporalConv(output, y), times.mask)
}
