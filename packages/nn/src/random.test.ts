import { expect, test } from 'vitest'
import { random } from './random.ts'

const draw = (seed: number, stream: string, count: number) => {
  const next = random(seed, stream)
  return Array.from({ length: count }, next)
}

test('a stream is the same every time, and another for another seed or name', () => {
  expect(draw(1, 'weight', 4)).toEqual(draw(1, 'weight', 4))
  expect(draw(1, 'weight', 4)).not.toEqual(draw(2, 'weight', 4))
  expect(draw(1, 'weight', 4)).not.toEqual(draw(1, 'bias', 4))
})

test('the first numbers of a stream are these on every machine', () => {
  expect(draw(1, 'weight', 3).map(number => number * 2 ** 32)).toMatchInlineSnapshot(`
    [
      4220582868,
      3856769845,
      2723652927,
    ]
  `)
})

test('numbers are uniform: of [0, 1), and a sixteenth in each sixteenth', () => {
  const numbers = draw(3, 'uniform', 64_000)
  expect(numbers.every(number => 0 <= number && number < 1)).toBe(true)
  const counts = Array.from({ length: 16 }, (_, i) => numbers.filter(number => Math.floor(number * 16) === i).length)
  // χ² of 15 degrees of freedom exceeds 37.7 once in a thousand seeds; this seed is fixed.
  expect(counts.reduce((sum, count) => sum + (count - 4000) ** 2 / 4000, 0)).toBeLessThan(37.7)
})
