import { add, concat, mul, relu, type Tensor } from '@takt/graph'
import { declareTemporalConv, type TemporalConv, temporalConv } from '../layers/temporal-conv.ts'
import { below, type Leaf } from '../parameters.ts'
import type { MaskedTimes } from './dilated-layer.ts'
import { enterStage, type StageInput, type StageSizes } from './stage.ts'

interface DualDilatedLayer<T> {
  /** Of a dilation that halves from layer to layer. */
  readonly wide: TemporalConv<T>
  /** Of a dilation that doubles. */
  readonly narrow: TemporalConv<T>
  readonly fusion: TemporalConv<T>
}

export interface DualDilatedStage<T> {
  readonly input: TemporalConv<T>
  readonly layers: readonly DualDilatedLayer<T>[]
  readonly output: TemporalConv<T>
}

export function declareDualDilatedStage<T>(leaf: Leaf<T>, sizes: StageSizes): DualDilatedStage<T> {
  const { inputs, maps, classes, layers } = sizes
  return {
    input: declareTemporalConv(below('input', leaf), { inputs, outputs: maps, taps: 1 }),
    layers: Array.from({ length: layers }, (_, i) => {
      const own = below(`layers.${i}`, leaf)
      return {
        wide: declareTemporalConv(below('wide', own), { inputs: maps, outputs: maps, taps: 3 }),
        narrow: declareTemporalConv(below('narrow', own), { inputs: maps, outputs: maps, taps: 3 }),
        fusion: declareTemporalConv(below('fusion', own), { inputs: 2 * maps, outputs: maps, taps: 1 }),
      }
    }),
    output: declareTemporalConv(below('output', leaf), { inputs: maps, outputs: classes, taps: 1 }),
  }
}

/**
 * The prediction generation stage of MS-TCN++, [batch, inputs, times] → logits [batch, classes, times]: each layer sees
 * near and far at once, x + ReLU(W·[D_wide ∗ x, D_narrow ∗ x]). Li et al., 2020, section 3.2.
 */
export function dualDilatedStage(
  { input, layers, output }: DualDilatedStage<Tensor>,
  x: StageInput,
  { mask, drop = added => added }: MaskedTimes,
): Tensor {
  let y = enterStage(input, x, { mask })
  for (const [i, { wide, narrow, fusion }] of layers.entries()) {
    const far = temporalConv(wide, y, 2 ** (layers.length - 1 - i))
    const near = temporalConv(narrow, y, 2 ** i)
    y = mul(add(y, drop(relu(temporalConv(fusion, concat([far, near], 1))))), mask)
  }
  return mul(temporalConv(output, y), mask)
}
