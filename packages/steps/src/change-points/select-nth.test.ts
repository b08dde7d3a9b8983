import fc from 'fast-check'
import { expect, it } from 'vitest'
import { selectNth } from './select-nth.ts'

it('finds what sorting finds, among many equal values too', () => {
  const values = fc.array(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.double({ min: -9, max: 9, noNaN: true })), {
    minLength: 1,
    maxLength: 60,
  })
  fc.assert(
    fc.property(values, fc.nat(59), (list, at) => {
      const n = at % list.length
      const chosen = Float64Array.from(list)
      const sorted = chosen.slice().sort()
      expect(selectNth(chosen, n) - sorted[n]!).toBeCloseTo(0, 12)
      expect(chosen.subarray(0, n).every(value => value <= sorted[n]!)).toBe(true)
      expect(chosen.subarray(n).every(value => value >= sorted[n]!)).toBe(true)
    }),
  )
})
