import { expect, it } from 'vitest'
import { boundaryErrors } from './boundary-errors.ts'
import { matchIntervals, type Span } from './match-intervals.ts'

const span = (step: string, start: number, end: number): Span => ({ step, start, end })

it('gives the median and the 95th percentile of matched boundaries, and the share of all that are near', () => {
  const truth = [span('a', 0, 10), span('b', 10, 20), span('c', 20, 30)]
  const predicted = [span('a', 1, 12), span('b', 13, 20)]
  // Errors 1, 2, 3, 0; of six boundaries, those of errors 0 and 1 are found.
  const errors = boundaryErrors(matchIntervals(truth, predicted), 1)
  expect(errors).toMatchObject({ median: 1.5, tolerance: 1 })
  expect(errors.p95).toBeCloseTo(2.85, 10)
  expect(errors.recall).toBeCloseTo(100 / 3, 10)
})

it('finds every boundary of the truth itself, to the last bit', () => {
  const truth = [span('a', 0.1, 0.7), span('b', 0.7, 0.9)]
  expect(boundaryErrors(matchIntervals(truth, truth), 0)).toEqual({ median: 0, p95: 0, recall: 100, tolerance: 0 })
})

it('has no error where nothing matches, and no recall where nothing is true', () => {
  const missed = matchIntervals([span('a', 0, 1)], [])
  expect(boundaryErrors(missed, 1)).toEqual({ median: null, p95: null, recall: 0, tolerance: 1 })
  const extra = matchIntervals([], [span('a', 0, 1)])
  expect(boundaryErrors(extra, 1)).toEqual({ median: null, p95: null, recall: null, tolerance: 1 })
})
