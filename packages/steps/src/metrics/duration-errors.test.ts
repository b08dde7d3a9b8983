import { expect, it } from 'vitest'
import { durationErrors } from './duration-errors.ts'
import { matchIntervals, type Span } from './match-intervals.ts'

const cycle = (start: number, end: number): Span => ({ step: 'cycle', start, end })

it('is the mean absolute error of durations, and of durations as shares', () => {
  // 11 for 10 and 18 for 20: errors of 1 and 2, of 10 % and 10 %.
  const { matched } = matchIntervals([cycle(0, 10), cycle(10, 30)], [cycle(0, 11), cycle(12, 30)])
  expect(durationErrors(matched)).toEqual({ meanAbsolute: 1.5, meanPercent: 10 })
})

it('forgives a shift, which a boundary error does not', () => {
  expect(durationErrors(matchIntervals([cycle(0, 10)], [cycle(2, 12)]).matched).meanAbsolute).toBe(0)
})

it('is null without a match', () => {
  expect(durationErrors([])).toEqual({ meanAbsolute: null, meanPercent: null })
})
