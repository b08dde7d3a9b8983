import { add, mul, relu, type Tensor } from '@takt/graph'
import { declareTemporalConv, type TemporalConv, temporalConv } from '../layers/temporal-conv.ts'
import { below, type Leaf } from '../parameters.ts'

/** What every layer knows of a batch's sequences. */
export interface MaskedTimes {
  /** [batch, 1, times]: 1 where a sequence has a time step, 0 where it only fills the batch. */
  readonly mask: Tensor
  /** Dropout of what a layer adds, [batch, maps, times], by a mask that is fed; left out while scoring. */
  readonly drop?: (added: Tensor) => Tensor
}

export interface DilatedLayer<T> {
  readonly dilated: TemporalConv<T>
  readonly pointwise: TemporalConv<T>
}

export function declareDilatedLayer<T>(leaf: Leaf<T>, maps: number): DilatedLayer<T> {
  return {
    dilated: declareTemporalConv(below('dilated', leaf), { inputs: maps, outputs: maps, taps: 3 }),
    pointwise: declareTemporalConv(below('pointwise', leaf), { inputs: maps, outputs: maps, taps: 1 }),
  }
}

/** x + W·ReLU(D ∗ x), [batch, maps, times] → the same: Farha & Gall, 2019, section 3.1. */
export function dilatedLayer(
  { dilated, pointwise }: DilatedLayer<Tensor>,
  x: Tensor,
  { mask, drop = added => added, dilation }: MaskedTimes & { readonly dilation: number },
): Tensor {
  const added = temporalConv(pointwise, relu(temporalConv(dilated, x, dilation)))
  return mul(add(x, drop(added)), mask)
}
