import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { type Placed, placeSession, segment, sessionStartMs, stretchMs } from '../test/simulated-camera.ts'
import { openClock } from './clock.ts'
import { placeSegment } from './place-segment.ts'
import { durationSeconds } from './segment.ts'

const anySession = fc.record({
  segments: fc.integer({ min: 2, max: 120 }),
  segmentSeconds: fc.constantFrom(0.04, 1, 4, 6.006),
  rate: fc.double({ min: 0.7, max: 1.4, noNaN: true }),
  delays: fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 20 }),
  hostErrors: fc.array(fc.integer({ min: -5000, max: 5000 }), { minLength: 1, maxLength: 3 }),
  cameraErrors: fc.array(fc.option(fc.integer({ min: -5000, max: 5000 })), { minLength: 1, maxLength: 4 }),
  previousEndUtcMs: fc.option(fc.integer({ min: -20_000, max: 20_000 }).map(ms => sessionStartMs + ms)),
})

/** Sessions of any kind: clocks that drift, step, lie and fall silent. */
const placeAny = (s: typeof anySession extends fc.Arbitrary<infer S> ? S : never): readonly Placed[] =>
  placeSession({
    ...s,
    delayMs: n => s.delays[n % s.delays.length]!,
    hostErrorMs: n => s.hostErrors[Math.floor(n / 30) % s.hostErrors.length]!,
    cameraErrorMs: n => s.cameraErrors[Math.floor(n / 25) % s.cameraErrors.length]!,
  })

describe('the chain of places', () => {
  test('never overlaps, never steps back and leaves no hole in contiguous media, whatever the clocks do', () => {
    fc.assert(
      fc.property(anySession, session => {
        const placed = placeAny(session)
        placed.forEach(({ placement }, i) => {
          expect(placement.endUtcMs).toBeGreaterThan(placement.startUtcMs)
          expect(Number.isInteger(placement.startUtcMs) && Number.isInteger(placement.endUtcMs)).toBe(true)
          if (i > 0) expect(placement.startUtcMs).toBe(placed[i - 1]!.placement.endUtcMs)
        })
        if (session.previousEndUtcMs !== null)
          expect(placed[0]!.placement.startUtcMs).toBeGreaterThanOrEqual(session.previousEndUtcMs)
      }),
    )
  })

  test('is corrected by at most 5 % of a duration as long as the media clock is trusted', () => {
    fc.assert(
      fc.property(anySession, session => {
        for (const p of placeAny(session)) {
          if (p.placement.source === 'untrusted') continue
          expect(Math.abs(stretchMs(p))).toBeLessThanOrEqual(durationSeconds(p.facts) * 50 + 1)
        }
      }),
    )
  })

  test('admits in its error what it has not corrected yet', () => {
    fc.assert(
      fc.property(anySession, session => {
        for (const { placement, diagnosis } of placeAny(session))
          expect(placement.absoluteErrorMs + 1).toBeGreaterThanOrEqual(Math.abs(diagnosis.residualMs))
      }),
    )
  })

  test('remembers a bounded amount', () => {
    let clock = openClock('s')
    let longest = 0
    for (let sequence = 0; sequence < 500; sequence++) {
      const facts = segment({ sequence, mediaStartTicks: BigInt(sequence * 4), closedAtMs: sequence * 4000 })
      clock = placeSegment(clock, facts, null).clock
      longest = Math.max(longest, JSON.stringify(clock).length)
    }
    expect(longest).toBeLessThan(8000)
  })
})

describe('where media is not contiguous', () => {
  it('ends the first segment by the clock and starts it a duration earlier', () => {
    const [first] = placeSession({ segments: 1, delayMs: () => 100, previousEndUtcMs: sessionStartMs - 60_000 })
    expect(first!.placement).toMatchObject({ startUtcMs: sessionStartMs + 100, endUtcMs: sessionStartMs + 4100 })
  })

  it('starts the first segment at the end of the session before, where they would overlap', () => {
    const [first] = placeSession({ segments: 1, delayMs: () => 0, previousEndUtcMs: sessionStartMs + 150 })
    expect(first!.placement).toMatchObject({ startUtcMs: sessionStartMs + 150, endUtcMs: sessionStartMs + 4000 })
  })

  it('leaves a hole where the session lost a segment', () => {
    const before = placeSegment(openClock('s'), segment({ closedAtMs: 4000 }), null)
    const after = placeSegment(before.clock, segment({ sequence: 2, mediaStartTicks: 8n, closedAtMs: 12_000 }), 4000)
    expect(after.placement).toMatchObject({ startUtcMs: 8000, endUtcMs: 12_000 })
  })

  it('forgets its maps when media time runs backwards', () => {
    const before = placeSegment(openClock('s'), segment({ mediaStartTicks: 1000n, closedAtMs: 4000 }), null)
    const after = placeSegment(before.clock, segment({ sequence: 1, mediaStartTicks: 0n, closedAtMs: 8000 }), 4000)
    expect(after.placement).toMatchObject({ startUtcMs: 4000, endUtcMs: 8000 })
    expect(after.clock.arrivals).toHaveLength(1)
  })
})

describe('a segment that cannot be placed', () => {
  const { clock } = placeSegment(openClock('s'), segment({ closedAtMs: 4000 }), null)

  it.each([
    ['has no duration', segment({ sequence: 1, durationTicks: 0n }), 'segment-empty'],
    [
      'holds hours of video after seconds',
      segment({ sequence: 1, durationTicks: 47_722n, closedAtMs: 8000 }),
      'segment-implausible',
    ],
    ['has no timescale', segment({ sequence: 1, timescale: 0 }), 'segment-empty'],
    ['was placed before', segment({ sequence: 0 }), 'segment-out-of-order'],
    ['is of another session', segment({ sequence: 1, session: 'other' }), 'segment-of-another-session'],
  ])('because it %s is refused', (_, facts, code) => {
    expect(() => placeSegment(clock, facts, null)).toThrow(expect.objectContaining({ code, retryable: false }))
  })
})
