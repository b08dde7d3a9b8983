import type { Tensor } from '../tensor.ts'
import { type DType, tensorValue } from '../tensor-value.ts'
import { constant } from './constant.ts'

/** The constant [0, 1, …, count − 1]. */
export function range(count: number, dtype: DType): Tensor {
  return constant(tensorValue({ dtype, shape: [count] }, [...Array(count).keys()]))
}
