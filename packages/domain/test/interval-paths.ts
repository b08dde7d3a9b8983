import fc from 'fast-check'
import type { CurrentInterval, IntervalContent } from '../src/index.ts'

/** A whole interval in UTC; slots and deviations follow from its times. */
export const content = (step: string, startUtcMs: number, endUtcMs: number): IntervalContent => ({
  step,
  startSlot: Math.floor(startUtcMs / 250),
  endSlot: Math.floor(endUtcMs / 250),
  startUtcMs,
  endUtcMs,
  durationMs: endUtcMs - startUtcMs,
  durationSource: 'media',
  startSdMs: 30,
  endSdMs: 30,
  durationSdMs: 42,
  absoluteErrorMs: 250,
  confidence: 0.9,
  censored: 'none',
  evidence: 'clear',
})

export const published = (id: string, step: string, startUtcMs: number, endUtcMs: number): CurrentInterval => ({
  id,
  ...content(step, startUtcMs, endUtcMs),
})

/** A path of a decoder: in order, without overlaps, from 0. */
export const anyPath: fc.Arbitrary<readonly IntervalContent[]> = fc
  .array(
    fc.record({
      step: fc.constantFrom('a', 'b', 'c'),
      pause: fc.constantFrom(0, 0, 250, 1000),
      slots: fc.integer({ min: 1, max: 20 }),
    }),
    { maxLength: 14 },
  )
  .map(parts => {
    let at = 0
    return parts.map(({ step, pause, slots }) => {
      const start = at + pause
      at = start + slots * 250
      return content(step, start, at)
    })
  })
