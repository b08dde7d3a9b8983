import { add, conv1d, reshape, type Tensor } from '@takt/graph'
import { uniformWithin } from '../initialisers.ts'
import type { Leaf } from '../parameters.ts'

/** weight [out, in, taps], bias [out]: PyTorch's layout. */
export interface TemporalConv<T> {
  readonly weight: T
  readonly bias: T
}

interface TemporalConvSizes {
  readonly inputs: number
  readonly outputs: number
  /** Time steps that one result sees; odd, so that one of them is its own. */
  readonly taps: number
}

/** First values as in PyTorch: uniform within 1/√(in·taps). */
export function declareTemporalConv<T>(leaf: Leaf<T>, { inputs, outputs, taps }: TemporalConvSizes): TemporalConv<T> {
  const initialiser = uniformWithin(1 / Math.sqrt(inputs * taps))
  return {
    weight: leaf({ name: 'weight', shape: [outputs, inputs, taps], initialiser }),
    bias: leaf({ name: 'bias', shape: [outputs], initialiser }),
  }
}

/** Convolution in time, its taps `dilation` steps apart, zeros beyond the ends: [batch, in, times] → [batch, out, times]. */
export function temporalConv({ weight, bias }: TemporalConv<Tensor>, x: Tensor, dilation = 1): Tensor {
  const [outputs, , taps] = weight.shape as [number, number, number]
  const beyond = (dilation * (taps - 1)) / 2
  return add(conv1d(x, weight, { dilation, before: beyond, after: beyond }), reshape(bias, [outputs, 1]))
}
