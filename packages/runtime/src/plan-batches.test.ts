import fc from 'fast-check'
import { expect, test } from 'vitest'
import { planBatches, requireBatchSizes } from './plan-batches.ts'

test('the largest sizes come first and nothing is padded where sizes fit', () => {
  expect(planBatches(23, [1, 4, 16])).toEqual([
    { size: 16, count: 16 },
    { size: 4, count: 4 },
    { size: 1, count: 1 },
    { size: 1, count: 1 },
    { size: 1, count: 1 },
  ])
})

test('a rest below the smallest size is padded', () => {
  expect(planBatches(5, [4])).toEqual([
    { size: 4, count: 4 },
    { size: 4, count: 1 },
  ])
})

test('every clip is in one batch, no batch overflows, and only the last is padded', () => {
  const sizes = fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(fc.nat(100), sizes, (clips, sizes) => {
      const batches = planBatches(clips, sizes)
      expect(batches.reduce((sum, { count }) => sum + count, 0)).toBe(clips)
      expect(batches.every(({ size }) => sizes.includes(size))).toBe(true)
      expect(batches.slice(0, -1).every(({ size, count }) => size === count)).toBe(true)
      expect(batches.every(({ size, count }) => 0 < count && count <= size)).toBe(true)
    }),
  )
})

test.each([[[]], [[0]], [[1.5]], [[4, 4]], [[-1]]])('batch sizes %j are refused', sizes => {
  expect(() => requireBatchSizes(sizes)).toThrow(`batch sizes [${sizes.join(', ')}] must be`)
})
