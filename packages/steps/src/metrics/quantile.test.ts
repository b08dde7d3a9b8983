import { expect, it } from 'vitest'
import { quantile } from './quantile.ts'

it('lies between order statistics, in whatever order the values come', () => {
  expect(quantile([3, 1, 2], 0.5)).toBe(2)
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
  expect(quantile([0, 10], 0.95)).toBe(9.5)
  expect(quantile([7], 0.95)).toBe(7)
  expect(quantile([], 0.5)).toBeNull()
})
