import type { Tensor } from '../tensor.ts'
import { float32 } from '../tensor-value.ts'
import { constant } from './constant.ts'

/** A float32 constant of shape `[]`, which broadcasts to any shape. */
export function scalar(number: number): Tensor {
  return constant(float32([], [number]))
}
