import { expect, test } from 'vitest'
import { likeness } from './cosines.ts'

test('vectors that are the same, or longer, are wholly alike', () => {
  const rows = Float32Array.of(1, 2, 3, -1, 0, 4)
  expect(likeness(rows, rows, 3)).toEqual({ meanCosine: 1, lowCosine: 1, centredCosine: 1 })
  expect(
    likeness(
      rows,
      rows.map(value => 2 * value),
      3,
    ),
  ).toMatchObject({ meanCosine: 1, lowCosine: 1 })
})

test('what all vectors have in common hides a difference that centring shows', () => {
  const exact = Float32Array.of(100, 1, 100, -1)
  const other = Float32Array.of(100, -1, 100, 1)
  expect(likeness(exact, other, 2).meanCosine).toBeGreaterThan(0.999)
  expect(likeness(exact, other, 2).centredCosine).toBe(-1)
})
