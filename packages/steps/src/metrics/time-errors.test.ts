import { expect, it } from 'vitest'
import { matchIntervals, type Span } from './match-intervals.ts'
import { timeErrors } from './time-errors.ts'

const span = (step: string, start: number, end: number): Span => ({ step, start, end })

it('gives median and 95th percentile of boundary errors, and the mean error of durations', () => {
  const { matched } = matchIntervals([span('a', 0, 10), span('b', 10, 20)], [span('a', 1, 12), span('b', 13, 20)])
  // Boundary errors 1, 2, 3, 0; durations 11 for 10 and 7 for 10.
  const errors = timeErrors(matched)
  expect(errors.medianBoundary).toBe(1.5)
  expect(errors.p95Boundary).toBeCloseTo(2.85, 10)
  expect(errors.meanDuration).toBe(2)
})

it('is null without a match', () => {
  expect(timeErrors([])).toEqual({ medianBoundary: null, p95Boundary: null, meanDuration: null })
})
