import { censorings, type DecodedInterval, evidences } from '@takt/domain'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { Interval } from './generated/takt/segmentation/v1/segmentation.ts'
import { fromIntervalMessage, toIntervalMessage } from './interval-message.ts'

const ms = fc.integer({ min: 0, max: 2 ** 31 - 1 })

/** Intervals as the decoder makes them, in whole milliseconds. */
const intervals = fc
  .record({
    ordinal: fc.integer({ min: -1, max: 2 ** 31 - 1 }),
    step: fc.string({ unit: 'grapheme' }),
    startSlot: fc.integer({ min: 0, max: 1e12 }),
    slots: fc.integer({ min: 1, max: 14_400 }),
    censored: fc.constantFrom(...censorings),
    evidence: fc.constantFrom(...evidences),
    duration: ms,
    source: fc.constantFrom('media' as const, 'utc' as const),
    startSdMs: ms,
    endSdMs: ms,
    durationSdMs: ms,
    absoluteErrorMs: ms,
    confidence: fc.float({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ slots, duration, source, ...rest }): DecodedInterval => {
    const whole = rest.censored === 'none' && rest.evidence !== 'weak'
    const endSlot = rest.startSlot + slots
    return {
      ...rest,
      endSlot,
      startUtcMs: rest.startSlot * 250,
      endUtcMs: endSlot * 250,
      durationMs: whole ? duration : null,
      durationSource: whole ? source : null,
    }
  })

const overTheWire = (interval: DecodedInterval): Interval =>
  Interval.decode(Interval.encode(toIntervalMessage(interval)).finish())

test('an interval is the same after the wire', () => {
  fc.assert(
    fc.property(intervals, interval => {
      expect(fromIntervalMessage(overTheWire(interval))).toEqual(interval)
    }),
  )
})

test('bytes that are no message, or one of another kind, are refused or read; nothing else happens', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), bytes => {
      let message: Interval
      try {
        message = Interval.decode(bytes)
      } catch {
        return
      }
      try {
        fromIntervalMessage(message)
      } catch (error) {
        expect(error).toMatchObject({ code: 'bad-message', retryable: false })
      }
    }),
  )
})

const good = toIntervalMessage({
  ordinal: 3,
  step: 'pick',
  startSlot: 100,
  endSlot: 108,
  startUtcMs: 25_000,
  endUtcMs: 27_000,
  durationMs: 1990,
  durationSource: 'media',
  startSdMs: 60,
  endSdMs: 60,
  durationSdMs: 85,
  absoluteErrorMs: 20,
  confidence: 0.9,
  censored: 'none',
  evidence: 'clear',
})

describe('an interval is refused', () => {
  it.each<[string, Partial<Interval>, RegExp]>([
    ['when it does not say what was cut', { censored: 0 }, /censored cannot be 0/],
    ['when it is cut in a way of a later version', { censored: 99 as never }, /censored cannot be 99/],
    ['when it does not say what it rests on', { evidence: 0 }, /evidence cannot be 0/],
    ['when weak evidence has a duration', { evidence: 2 }, /duration_ms cannot be 1990/],
    ['when a gap has a duration', { censored: 3 }, /duration_ms cannot be 1990/],
    ['when its duration has no clock', { durationSource: 0 }, /duration_ms/],
    ['when its clock is of a later version', { durationSource: 9 as never }, /duration_source cannot be 9/],
    ['when it ends where it starts', { endSlot: 100n }, /end_slot cannot be 100/],
    ['when it ends before it starts', { endUtcMs: 24_000n }, /end_utc_ms cannot be 24000/],
    ['when its confidence is no number', { confidence: Number.NaN }, /confidence cannot be NaN/],
    ['when its confidence is no probability', { confidence: 1.5 }, /confidence cannot be 1.5/],
    ['when its duration is negative', { durationMs: -1 }, /duration_ms cannot be -1/],
  ])('%s', (_, change, message) => {
    expect(() => fromIntervalMessage({ ...good, ...change })).toThrow(message)
  })
})
