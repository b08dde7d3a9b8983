import { expect, test } from 'vitest'
import { resamplePlane } from './resample-plane.ts'

const plane = (side: number, value: (y: number, x: number) => number) =>
  Float32Array.from({ length: side * side }, (_, i) => value(Math.floor(i / side), i % side))

test.each([true, false])(
  'a flat plane stays flat, and one of the same size stays as it is (antialias %s)',
  antialias => {
    for (const [from, to] of [
      [37, 16],
      [3, 8],
      [5, 5],
    ] as const) {
      const flat = resamplePlane(
        plane(from, () => 2),
        { from, to, antialias, dim: 1 },
      )
      expect([...flat].every(value => Math.abs(value - 2) < 1e-6)).toBe(true)
    }
    const own = plane(4, (y, x) => y * 7 + x * x)
    expect([...resamplePlane(own, { from: 4, to: 4, antialias, dim: 1 })]).toEqual([...own])
  },
)

test('rows and columns are told apart, and so are dimensions', () => {
  const rows = plane(4, y => y)
  const up = resamplePlane(rows, { from: 4, to: 8, antialias: false, dim: 1 })
  expect(up[2 * 8 + 1]).toBeCloseTo(up[2 * 8 + 6]!, 6)
  // Its kernel does not keep a ramp straight.
  expect(up[4 * 8]! - up[3 * 8]!).toBeCloseTo(0.40625, 6)
  const both = Float32Array.from({ length: 32 }, (_, i) => (i % 2 === 0 ? rows[i / 2]! : -1))
  const mixed = resamplePlane(both, { from: 4, to: 8, antialias: false, dim: 2 })
  expect(mixed.filter((_, i) => i % 2 === 0)).toEqual(up)
  expect(mixed.filter((_, i) => i % 2 === 1).every(value => Math.abs(value + 1) < 1e-6)).toBe(true)
})
