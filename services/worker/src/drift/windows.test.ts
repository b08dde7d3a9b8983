import { expect, test } from 'vitest'
import { isCovered, newestWindow, referenceWindows } from './windows.ts'

const minute = 60_000
/** Segments of 4 s, one after the other from each of the starts. */
const segments = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => ({
    ...{ segment: `${from}-${i}`, viewRevision: 'r', objectKey: 'k' },
    startUtcMs: from + i * 4000,
    endUtcMs: from + (i + 1) * 4000,
  }))

test('a reference is cut into windows of whole segments, over gaps; what is left over is in none', () => {
  const windows = referenceWindows([...segments(20), ...segments(20, 3_600_000)], { windowMs: minute, most: 8 })
  expect(windows.map(window => window.length)).toEqual([15, 15])
  expect(windows[1]!.map(({ segment }) => segment)).toContain('3600000-0')
  expect(referenceWindows(segments(14), { windowMs: minute, most: 8 })).toEqual([])
})

test('of a long day the windows are spread evenly, and are the same each time', () => {
  const day = segments(15 * 100)
  const windows = referenceWindows(day, { windowMs: minute, most: 8 })
  expect(windows.map(window => window[0]!.startUtcMs / minute)).toEqual([0, 12, 25, 37, 50, 62, 75, 87])
  expect(referenceWindows(day, { windowMs: minute, most: 8 })).toEqual(windows)
})

test('the newest window is the last whole one of UTC that has been over for long enough', () => {
  const at = { windowMs: minute, settleMs: 30_000 }
  expect(newestWindow(10 * minute + 29_999, at)).toBe(8 * minute)
  expect(newestWindow(10 * minute + 30_000, at)).toBe(9 * minute)
})

test('half a window of video stands for it, less does not', () => {
  expect(isCovered(segments(8), minute)).toBe(true)
  expect(isCovered(segments(7), minute)).toBe(false)
  expect(isCovered([], minute)).toBe(false)
})
