import { expect, test } from 'vitest'
import { firstNotFinite } from './first-not-finite.ts'
import type { Tensor } from './tensor.ts'

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number

test.each<[string, Tensor, number]>([
  ['a NaN', { dtype: 'float32', shape: [3], data: Float32Array.of(1, nan, infinity) }, 1],
  ['minus infinity', { dtype: 'float64', shape: [3], data: Float64Array.of(1, 2, -infinity) }, 2],
  // 65504, the largest float16, and then infinity
  ['an infinity of float16', { dtype: 'float16', shape: [2], data: Uint16Array.of(0x7bff, 0x7c00) }, 1],
  ['a negative NaN of float16', { dtype: 'float16', shape: [1], data: Uint16Array.of(0xfe00) }, 0],
  ['nothing but finite values', { dtype: 'float32', shape: [2], data: Float32Array.of(3e38, -0) }, -1],
  ['integers', { dtype: 'int64', shape: [1], data: BigInt64Array.of(2n ** 62n) }, -1],
])('in a tensor with %s the first value that is not finite is found', (_, tensor, index) => {
  expect(firstNotFinite(tensor)).toBe(index)
})
