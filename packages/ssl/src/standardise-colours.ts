import { add, cast, div, mean, mul, reshape, scalarOf, sqrt, sub, type Tensor, transpose } from '@takt/graph'

const CHANNELS = 3

/** ε: the authors' 1e-6 of values in [0, 1], in grey levels of 255. */
const EPSILON = 255e-6

/**
 * Pixels of tubelets, uint8 [rows, frames · patch² · RGB] → float32 [rows, RGB · frames · patch²]: each colour of each
 * tubelet at mean 0 and deviation 1, as in the authors' code.
 *
 *     y = (x − μ) / (σ + ε)        σ² = Σ (x − μ)² / (n − 1)
 *
 * over the n pixels of a colour. Colours come out one after the other because means over strided pixels take several
 * times as long.
 */
export function standardiseColours(bytes: Tensor): Tensor {
  const [rows, size] = bytes.shape as [number, number]
  const pixels = size / CHANNELS
  const levels = cast(transpose(reshape(bytes, [rows, pixels, CHANNELS]), [0, 2, 1]), 'float32')
  const centred = sub(levels, mean(levels, [2], { keepAxes: true }))
  const power = mean(mul(centred, centred), [2], { keepAxes: true })
  const deviation = sqrt(mul(power, scalarOf(power, pixels / (pixels - 1))))
  return reshape(div(centred, add(deviation, scalarOf(deviation, EPSILON))), [rows, size])
}
