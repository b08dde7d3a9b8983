import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseTimeRange, printTimeRange, timeOutside } from './time-range.ts'

test('a range is two times of which the second is later', () => {
  expect(parseTimeRange('0-45')).toEqual({ startSeconds: 0, endSeconds: 45 })
  expect(printTimeRange(parseTimeRange(' 12.5-60.25 '))).toBe('12.5-60.25')
})

test.each(['', '45', '45-0', '0-0', '-1-5', '0-1e9', '0–45', 'a-b', '0-45-60', '1,5-3'])('"%s" is refused', text => {
  expect(() => parseTimeRange(text)).toThrow(`"${text}" is no range of seconds such as 0-45`)
})

test('what lies outside the ranges is the rest, whatever their order and overlap', () => {
  const range = (startSeconds: number, endSeconds: number) => ({ startSeconds, endSeconds })
  expect(timeOutside([range(30, 40), range(0, 10), range(5, 20)], 60)).toEqual([range(20, 30), range(40, 60)])
  expect(timeOutside([range(0, 90)], 60)).toEqual([])
  const times = fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 20 }))
  fc.assert(
    fc.property(fc.array(times, { maxLength: 5 }), spans => {
      const ranges = spans.map(([start, length]) => range(start, start + length))
      const within = (all: readonly (typeof ranges)[number][], at: number) =>
        all.some(({ startSeconds, endSeconds }) => startSeconds <= at && at < endSeconds)
      const outside = timeOutside(ranges, 60)
      for (let at = 0.5; at < 60; at++) expect(within(outside, at)).toBe(!within(ranges, at))
    }),
  )
})
