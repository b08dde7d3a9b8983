import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromFloat32, toFloat32 } from './float16.ts'

const everyPattern = Uint16Array.from({ length: 65_536 }, (_, bits) => bits)
const isNaN16 = (bits: number) => (bits & 0x7c00) === 0x7c00 && (bits & 0x3ff) !== 0

test('every float16 but the not-a-numbers is kept by way of float32', () => {
  const kept = everyPattern.filter(bits => !isNaN16(bits))
  expect(fromFloat32(toFloat32(kept))).toEqual(kept)
})

test('not-a-numbers stay not-a-numbers', () => {
  expect(toFloat32(everyPattern.filter(isNaN16)).every(Number.isNaN)).toBe(true)
  expect(isNaN16(fromFloat32(Float32Array.of(Number.NaN))[0]!)).toBe(true)
})

test('known values have the patterns of IEEE 754', () => {
  const numbers = Float32Array.of(0, -0, 1, -2, 65_504, 2 ** -24, Number.POSITIVE_INFINITY, 65_520, 1 + 2 ** -11)
  const patterns = [0x0000, 0x8000, 0x3c00, 0xc000, 0x7bff, 0x0001, 0x7c00, 0x7c00, 0x3c00]
  expect([...fromFloat32(numbers)]).toEqual(patterns)
})

test('rounding errs by at most half a unit in the last place', () => {
  fc.assert(
    fc.property(fc.float({ min: Math.fround(2 ** -14), max: 65_000, noNaN: true }), number => {
      const [rounded] = toFloat32(fromFloat32(Float32Array.of(number)))
      expect(Math.abs(rounded! - number) / number).toBeLessThanOrEqual(2 ** -11)
    }),
  )
})
