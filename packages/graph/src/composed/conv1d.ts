import { refuse } from '../make-tensor.ts'
import { concat } from '../ops/concat.ts'
import { matmul } from '../ops/matmul.ts'
import { reshape } from '../ops/reshape.ts'
import { pad, slice } from '../ops/slice-and-pad.ts'
import { transpose } from '../ops/transpose.ts'
import type { Tensor } from '../tensor.ts'

interface Conv1dOptions {
  /** Time steps from one tap of the kernel to the next. */
  readonly dilation?: number
  /** Zeros before the first time step and after the last. */
  readonly before?: number
  readonly after?: number
}

/**
 * y[b, o, t] = Σ_c Σ_k weight[o, c, k] · x[b, c, t + k·dilation − before] of x [batch, channels, times] and
 * weight [outputs, channels, taps]: as many times as fit, times + before + after − (taps − 1)·dilation.
 *
 * One product over the taps' shifted copies of x. On MS-TCN's layers (64 channels, 3 taps, 1024 times, one thread)
 * that takes about as long as ONNX's Conv forwards, and backwards less than half of ConvTranspose and of a Conv by the
 * gradient; those also lack float64.
 */
export function conv1d(x: Tensor, weight: Tensor, options: Conv1dOptions = {}): Tensor {
  const { dilation = 1, before = 0, after = 0 } = options
  if (x.shape.length !== 3 || weight.shape.length !== 3) {
    refuse('conv1d', [x, weight], 'takes x [batch, channels, times] and weight [outputs, channels, taps]')
  }
  const [outputs, channels, taps] = weight.shape as [number, number, number]
  if (x.shape[1] !== channels) refuse('conv1d', [x, weight], `channels differ: ${x.shape[1]} and ${channels}`)
  const padded = before + after > 0 ? pad(x, { axis: 2, before, after }) : x
  const times = padded.shape[2]! - (taps - 1) * dilation
  if (times < 1) {
    refuse('conv1d', [x, weight], `${taps} taps ${dilation} apart do not fit into ${padded.shape[2]} times`)
  }
  const shifted = Array.from({ length: taps }, (_, tap) =>
    slice(padded, { axis: 2, start: tap * dilation, end: tap * dilation + times }),
  )
  const flatWeight = reshape(transpose(weight, [0, 2, 1]), [outputs, taps * channels])
  return matmul(flatWeight, concat(shifted, 1))
}
