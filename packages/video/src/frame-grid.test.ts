import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stepsOfSegment } from './frame-grid.ts'

test('a segment owns the steps that start within it', () => {
  expect(stepsOfSegment(0, 4)).toEqual({ firstStep: 0, stepCount: 16 })
  expect(stepsOfSegment(4, 4)).toEqual({ firstStep: 16, stepCount: 16 })
})

test('a step that starts before the segment belongs to the one before, though it ends within', () => {
  expect(stepsOfSegment(4.08, 4)).toEqual({ firstStep: 17, stepCount: 16 })
  expect(stepsOfSegment(3.999_999, 0.5)).toEqual({ firstStep: 16, stepCount: 2 })
})

test('a segment may lie between two step starts and own none', () => {
  expect(stepsOfSegment(0.01, 0.2)).toEqual({ firstStep: 1, stepCount: 0 })
})

test('however a session is cut, every step is owned once', () => {
  // Lengths in 90 kHz ticks; starts are announced in microseconds, and durations are differences of floats.
  const cuts = fc.array(fc.integer({ min: 1, max: 700_000 }), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(cuts, lengths => {
      let ticks = 0
      const starts = [0, ...lengths.map(length => (ticks += length))].map(at => Number((at / 90_000).toFixed(6)))
      const steps: number[] = []
      for (const [index, start] of starts.slice(0, -1).entries()) {
        const { firstStep, stepCount } = stepsOfSegment(start, starts[index + 1]! - start)
        for (let step = 0; step < stepCount; step++) steps.push(firstStep + step)
      }
      expect(steps).toEqual(Array.from({ length: Math.ceil(starts.at(-1)! * 4) }, (_, step) => step))
    }),
  )
})

test.each([
  [Number.NaN, 4],
  [-1, 4],
  [Number.POSITIVE_INFINITY, 4],
  [0, Number.NaN],
  [0, -1],
  [0, 1e9],
])('a segment from %d lasting %d s is refused', (start, duration) => {
  expect(() => stepsOfSegment(start, duration)).toThrow(expect.objectContaining({ code: 'range-invalid' }))
})
