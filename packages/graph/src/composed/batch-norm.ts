import { add } from '../ops/add.ts'
import { mul } from '../ops/mul.ts'
import type { Tensor } from '../tensor.ts'
import { type Standardised, type StandardiseOptions, standardise } from './standardise.ts'

interface BatchNorm extends Pick<Standardised, 'average' | 'variance'> {
  readonly y: Tensor
}

/**
 * y = (x − μ)/√(σ² + ε) · scale + bias, with the batch's own μ and σ² over `axes`: Ioffe & Szegedy, 2015. Scale and
 * bias broadcast to x. The statistics are given back for a running average, σ² divided by n, not n − 1.
 */
export function batchNorm(
  [x, scale, bias]: readonly [x: Tensor, scale: Tensor, bias: Tensor],
  options: StandardiseOptions,
): BatchNorm {
  const { normalised, average, variance } = standardise(x, options)
  return { y: add(mul(normalised, scale), bias), average, variance }
}
