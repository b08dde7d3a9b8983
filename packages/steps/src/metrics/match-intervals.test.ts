import { describe, expect, it } from 'vitest'
import { matchIntervals, type Span } from './match-intervals.ts'

const span = (step: string, start: number, end: number): Span => ({ step, start, end })

describe('matchIntervals', () => {
  it('pairs the same step by the largest overlap, and names the missed and the extra', () => {
    const truth = [span('fit', 0, 10), span('screw', 10, 20), span('fit', 30, 40)]
    const predicted = [span('fit', 1, 10), span('fit', 28, 41), span('check', 41, 44)]
    const { matched, missed, extra } = matchIntervals(truth, predicted)
    expect(matched.map(pair => [pair.truth.start, pair.predicted.start])).toEqual([
      [0, 1],
      [30, 28],
    ])
    expect(matched[0]!.iou).toBeCloseTo(0.9, 10)
    expect(missed).toEqual([truth[1]])
    expect(extra).toEqual([predicted[2]])
  })

  it('gives a truth to the better of two predictions', () => {
    const { matched, extra } = matchIntervals([span('fit', 0, 10)], [span('fit', 0, 3), span('fit', 4, 10)])
    expect(matched[0]!.predicted.start).toBe(4)
    expect(extra.map(({ start }) => start)).toEqual([0])
  })

  it('never crosses a pair already made', () => {
    const truth = [span('a', 0, 10), span('b', 5, 15)]
    const predicted = [span('b', 4, 14), span('a', 6, 16)]
    const { matched, missed, extra } = matchIntervals(truth, predicted)
    expect(matched.map(pair => pair.truth.step)).toEqual(['b'])
    expect(missed.length + extra.length).toBe(2)
  })

  it('does not pair what does not meet', () => {
    expect(matchIntervals([span('a', 0, 5)], [span('a', 5, 9)]).matched).toEqual([])
  })
})
