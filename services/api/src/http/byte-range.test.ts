import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseByteRange } from './byte-range.ts'

test.each([
  ['bytes=0-99', { start: 0, end: 100 }],
  ['bytes=100-', { start: 100, end: 1000 }],
  ['bytes=-100', { start: 900, end: 1000 }],
  ['bytes=-5000', { start: 0, end: 1000 }],
  ['bytes=990-5000', { start: 990, end: 1000 }],
])('%s of 1000 bytes is %j', (header, range) => {
  expect(parseByteRange(header, 1000)).toEqual(range)
})

test.each([undefined, '', 'bytes=-', 'bytes=5-2', 'bytes=0-1,5-6', 'items=0-5', 'bytes=a-b'])(
  '%j asks for the whole',
  header => {
    expect(parseByteRange(header, 1000)).toBeNull()
  },
)

test.each(['bytes=1000-', 'bytes=5000-6000', 'bytes=-0'])('%s cannot be satisfied', header => {
  expect(() => parseByteRange(header, 1000)).toThrow(/lies outside the 1000 bytes/)
})

test('whatever the header says, a range lies within the bytes', () => {
  const header = fc.oneof(
    fc.string(),
    fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => `bytes=${a}-${b}`),
  )
  fc.assert(
    fc.property(header, fc.integer({ min: 1, max: 2 ** 31 }), (text, size) => {
      try {
        const range = parseByteRange(text, size)
        return range === null || (range.start >= 0 && range.start < range.end && range.end <= size)
      } catch (error) {
        return (error as { code?: string }).code === 'range-unsatisfiable'
      }
    }),
  )
})
