import { expect, test } from 'vitest'
import { conformalHalfWidth, intervalScore } from './interval-score.ts'

test('an interval that holds the truth costs its width, and one that misses it twenty times the miss on top', () => {
  expect(intervalScore({ errorSeconds: -0.1, halfWidthSeconds: 0.2 })).toBeCloseTo(0.4, 12)
  expect(intervalScore({ errorSeconds: 0.25, halfWidthSeconds: 0.2 })).toBeCloseTo(0.4 + 20 * 0.05, 12)
})

test('the constant half-width is the ⌈0.9 (n + 1)⌉-th smallest error, or the largest', () => {
  const errors = Array.from({ length: 19 }, (_, i) => (i % 2 ? 1 : -1) * (i + 1))
  expect(conformalHalfWidth(errors)).toBe(18)
  expect(conformalHalfWidth([0.3, -0.1])).toBe(0.3)
})
