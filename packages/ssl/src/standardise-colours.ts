import { cast, mul, reshape, scalarOf, standardise, type Tensor } from '@takt/graph'

const CHANNELS = 3

/**
 * Pixels of tubelets [rows, frames · patch² · RGB], uint8, each channel of each tubelet at mean 0 and deviation 1:
 *
 *     y = (x − μ) / √(σ² + ε²)        σ² = Σ (x − μ)² / (n − 1)
 *
 * over the n pixels of a channel. `floor` is ε, in grey levels of 255: contrast much below it stays small.
 * The authors' code divides by σ + ε with ε so small that the two do not differ.
 */
export function standardiseColours(bytes: Tensor, floor: number): Tensor {
  const [rows, size] = bytes.shape as [number, number]
  const pixels = size / CHANNELS
  const levels = reshape(cast(bytes, 'float32'), [rows, pixels, CHANNELS])
  // (x − μ)/√(s·σₙ² + ε²) = (x − μ)/√(σₙ² + ε²/s) / √s, with σₙ² divided by n and s = n/(n − 1).
  const unbiased = pixels / (pixels - 1)
  const { normalised } = standardise(levels, { axes: [1], epsilon: floor ** 2 / unbiased })
  return mul(reshape(normalised, [rows, size]), scalarOf(levels, 1 / Math.sqrt(unbiased)))
}
