import fc from 'fast-check'
import { expect, test } from 'vitest'
import { censorings } from '../interval.ts'
import { correctTiming } from './correct-timing.ts'

const timing = {
  step: 'pick',
  startUtcMs: 1000,
  endUtcMs: 3000,
  durationMs: 2010,
  durationSource: 'media',
  confidence: 0.5,
  censored: 'none',
} as const

test('an end that a person set makes the duration a difference of UTC', () => {
  expect(correctTiming(timing, { endUtcMs: 3500 })).toMatchObject({ durationMs: 2500, durationSource: 'utc' })
})

test('another step keeps the times and their measure', () => {
  expect(correctTiming(timing, { step: 'screw' })).toEqual({ ...timing, step: 'screw', confidence: 1 })
})

test('an end that was cut off is whole when a person set it, and only then', () => {
  const cut = { ...timing, durationMs: null, durationSource: null, censored: 'end' } as const
  expect(correctTiming(cut, { endUtcMs: 3000 })).toMatchObject({ censored: 'none', durationMs: 2000 })
  expect(correctTiming(cut, { startUtcMs: 900 })).toMatchObject({ censored: 'end', durationMs: null })
})

test('a duration is there exactly where nothing is cut off, and correcting twice alike equals once', () => {
  const some = fc.option(fc.integer({ min: 1, max: 2000 }), { nil: undefined })
  fc.assert(
    fc.property(fc.constantFrom(...censorings), some, some, (censored, start, more) => {
      const was = { ...timing, censored, ...(censored !== 'none' && { durationMs: null, durationSource: null }) }
      const correction = { startUtcMs: start, endUtcMs: more === undefined ? undefined : 2000 + more }
      const once = correctTiming(was, correction)
      expect(once.durationMs === null).toBe(once.censored !== 'none')
      expect(correctTiming(once, correction)).toEqual(once)
    }),
  )
})
