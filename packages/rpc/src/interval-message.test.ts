import { censorings, type DecodedInterval, evidences, type IntervalMotion } from '@takt/domain'
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
    parts: fc.option(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 })),
  })
  .map(({ slots, duration, source, parts, ...rest }): DecodedInterval => {
    const whole = rest.censored === 'none' && rest.evidence !== 'weak'
    const endSlot = rest.startSlot + slots
    return {
      ...rest,
      endSlot,
      startUtcMs: rest.startSlot * 250,
      endUtcMs: endSlot * 250,
      durationMs: whole ? duration : null,
      durationSource: whole ? source : null,
      ...(whole && parts && { motions: motionsOf(duration, parts) }),
    }
  })

/** Motions between drawn shares of a duration, in whole milliseconds. */
const motionsOf = (durationMs: number, shares: readonly number[]): IntervalMotion[] => {
  const borders = shares.toSorted((a, b) => a - b).map(share => Math.floor(share * durationMs))
  return borders.slice(1).map((endMs, i) => {
    const startMs = borders[i]!
    return { step: `motion ${i}`, startMs, endMs, startSdMs: 40, endSdMs: 50, confidence: 0.5 }
  })
}

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

const motions = (...spans: readonly (readonly [startMs: number, endMs: number, confidence?: number])[]) => ({
  motions: {
    motions: spans.map(([startMs, endMs, confidence = 1]) => {
      return { step: 'reach', startMs, endMs, startSdMs: 40, endSdMs: 40, confidence }
    }),
  },
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
    ['when its motions overlap', motions([0, 800], [799, 900]), /motions.start_ms cannot be 799 before 800/],
    ['when a motion ends before it starts', motions([800, 700]), /motions.end_ms cannot be 700 before 800/],
    ['when a motion begins before it', motions([-1, 700]), /motions.start_ms cannot be -1 before 0/],
    ['when a motion outlasts it', motions([0, 1991]), /motions.end_ms cannot be 1991 of 1990/],
    ['when a motion has no probability', motions([0, 1, Number.NaN]), /motions.confidence cannot be NaN/],
    [
      'when it has motions and no duration',
      { ...motions([0, 1]), censored: 3, durationMs: undefined, durationSource: 0 },
      /motions cannot be 1 in an interval without a duration/,
    ],
  ])('%s', (_, change, message) => {
    expect(() => fromIntervalMessage({ ...good, ...change })).toThrow(message)
  })
})
