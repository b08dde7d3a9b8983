import { expect, test } from 'vitest'
import { quantiseWeight } from './quantise-weight.ts'

test('each output is rounded to 64 steps either side of 0 by its own largest weight, and columns become outputs', () => {
  // biome-ignore format: a matrix
  const weight = [
    -1, 0.5, 0.25,
    8, 64, 0.4,
  ]
  const { values, scales } = quantiseWeight(weight, [2, 3])
  expect(Array.from(scales)).toEqual([1 / 64, 1])
  // biome-ignore format: a matrix
  expect(Array.from(values)).toEqual([
    -64, 8,
    32, 64,
    16, 0,
  ])
})

test('no weight is off by more than half a step', () => {
  const weight = Array.from({ length: 40 }, (_, i) => Math.sin(1.7 * i + 0.3))
  const { values, scales } = quantiseWeight(weight, [4, 10])
  for (const [i, w] of weight.entries()) {
    const [row, column] = [Math.floor(i / 10), i % 10]
    const step = scales[row]!
    expect(Math.abs(step * values[4 * column + row]! - w)).toBeLessThanOrEqual(0.5001 * step)
  }
})

test('an output without weights stays without', () => {
  expect(quantiseWeight([0, 0, 3, -3], [2, 2]).values).toEqual(Int8Array.of(0, 64, 0, -64))
})
