import { expect, test } from 'vitest'
import { median, quantile } from './quantile.ts'

test('the median of an odd number of values is the middle one, whatever their order', () => {
  expect(median([9, 1, 5])).toBe(5)
})

test('the median of an even number of values lies halfway between the middle two', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5)
})

test('the outermost quantiles are the least and the largest', () => {
  expect([quantile([3, 1, 2], 0), quantile([3, 1, 2], 1)]).toEqual([1, 3])
})

test('a quantile between two values is interpolated', () => {
  expect(quantile([0, 10], 0.99)).toBeCloseTo(9.9)
})

test('numbers are compared as numbers, and the input stays in its order', () => {
  const numbers = [10, 9, 100]
  expect(median(numbers)).toBe(10)
  expect(numbers).toEqual([10, 9, 100])
})

test('of no numbers there is no median', () => {
  expect(() => median([])).toThrow(RangeError)
})
