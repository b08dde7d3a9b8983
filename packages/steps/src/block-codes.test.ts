import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeBlocks, encodeBlocks } from './block-codes.ts'

it('keeps every value within half a code of its block', () => {
  const vectors = fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(vectors, values => {
      const x = Float32Array.from(values)
      const codes = encodeBlocks(x)
      const back = decodeBlocks(codes)
      for (const [j, value] of x.entries()) {
        const scale = codes.scales[Math.floor(j / 64)]!
        expect(Math.abs(back[j]! - value)).toBeLessThanOrEqual(scale * 0.5001 + 1e-40)
      }
    }),
  )
})

it('confines an outlier to its block', () => {
  const x = new Float32Array(128).fill(0.5)
  x[0] = 1e6
  const back = decodeBlocks(encodeBlocks(x))
  expect(back[1]).toBe(0)
  expect(back[64]).toBeCloseTo(0.5, 6)
})
