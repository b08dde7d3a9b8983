import { add, gemm, mul, reshape, type Tensor } from '@takt/graph'
import type { TemporalConv } from './temporal-conv.ts'

/** Features of one sequence as they lie in a file, and how each channel is standardised. */
export interface FeatureRows {
  /** [times, channels] */
  readonly rows: Tensor
  /** [channels]: the network sees rows·gain + offset. */
  readonly gain: Tensor
  readonly offset: Tensor
}

/**
 * W·(rows·gain + offset) + b for a layer of one tap, as (W·diag gain)·rowsᵀ + (W·offset + b): [times, channels] →
 * [1, out, times]. The weights are standardised instead of the features, of which there are thousands of times as many,
 * and nothing is transposed.
 */
export function rowProjection({ weight, bias }: TemporalConv<Tensor>, { rows, gain, offset }: FeatureRows): Tensor {
  const [outputs, channels] = weight.shape as [number, number, number]
  const matrix = reshape(weight, [outputs, channels])
  const shift = gemm([matrix, reshape(offset, [channels, 1]), reshape(bias, [outputs, 1])])
  const projected = gemm([mul(matrix, gain), rows], { transposeB: true })
  return reshape(add(projected, shift), [1, outputs, rows.shape[0]!])
}
