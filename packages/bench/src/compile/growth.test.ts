import { expect, test } from 'vitest'
import { growth } from './growth.ts'

const depths = [3, 6, 12, 24]
const costs = (seconds: (depth: number) => number) => depths.map(depth => ({ depth, seconds: seconds(depth) }))

test('a linear cost grows by 1, with and without a part that does not depend on depth', () => {
  expect(growth(costs(depth => 2 * depth))).toBeCloseTo(1)
  expect(growth(costs(depth => 5 + 0.1 * depth))).toBeCloseTo(1)
})

test('a quadratic cost grows by 2.4, in whatever order the depths come', () => {
  const quadratic = costs(depth => depth ** 2)
  expect(growth(quadratic)).toBeCloseTo(2.4)
  expect(growth(quadratic.toReversed())).toBeCloseTo(2.4)
})
