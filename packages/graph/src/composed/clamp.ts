import { maximum } from '../ops/maximum.ts'
import { minimum } from '../ops/minimum.ts'
import { scalarOf } from '../ops/scalar.ts'
import type { Tensor } from '../tensor.ts'

/** y = x kept between two numbers. */
export function clamp(x: Tensor, low: number, high: number): Tensor {
  return minimum(maximum(x, scalarOf(x, low)), scalarOf(x, high))
}
