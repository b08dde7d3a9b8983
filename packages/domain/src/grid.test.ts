import fc from 'fast-check'
import { expect, it, test } from 'vitest'
import { stepsOfSegment } from './grid.ts'

test('each time step of a session belongs to exactly one of its contiguous segments', () => {
  const ticks = fc.array(fc.integer({ min: 1, max: 600_000 }), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(fc.nat(1_000_000), ticks, (start, durations) => {
      let at = start
      let next = stepsOfSegment(start / 90_000, 0).firstStep
      for (const duration of durations) {
        const { firstStep, stepCount } = stepsOfSegment(at / 90_000, duration / 90_000)
        expect(firstStep).toBe(next)
        expect(stepCount).toBeGreaterThanOrEqual(0)
        next = firstStep + stepCount
        at += duration
      }
    }),
  )
})

it('gives a segment the steps that start in it', () => {
  expect(stepsOfSegment(0, 4)).toEqual({ firstStep: 0, stepCount: 16 })
  expect(stepsOfSegment(4.1, 0.3)).toEqual({ firstStep: 17, stepCount: 1 })
  expect(stepsOfSegment(4.01, 0.2)).toEqual({ firstStep: 17, stepCount: 0 })
})
