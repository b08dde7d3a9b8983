import { expect, test } from 'vitest'
import { memoryTrend } from './memory-trend.ts'

test('memory that grows on a line has that line’s slope', () => {
  const samples = [0, 1, 2, 3].map(minutes => ({ minutes, megabytes: 100 + 5 * minutes }))
  expect(memoryTrend(samples)).toEqual({
    firstMegabytes: 100,
    lastMegabytes: 115,
    largestMegabytes: 115,
    megabytesPerMinute: 5,
  })
})

test('a peak between equal ends is no growth, but is shown', () => {
  const samples = [100, 140, 140, 100].map((megabytes, i) => ({ minutes: i / 10, megabytes }))
  expect(memoryTrend(samples)).toMatchObject({ largestMegabytes: 140, megabytesPerMinute: expect.closeTo(0) })
})
