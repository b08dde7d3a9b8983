import type { Tensor } from '../tensor.ts'
import { type DType, tensorValue } from '../tensor-value.ts'
import { constant } from './constant.ts'

/** A constant of shape `[]`, float32 by default, which broadcasts to any shape. */
export function scalar(number: number, dtype: DType = 'float32'): Tensor {
  return constant(tensorValue({ dtype, shape: [] }, [number]))
}

/** A constant of x's element type and shape `[]`. */
export function scalarOf({ dtype }: Tensor, number: number): Tensor {
  return scalar(number, dtype)
}
