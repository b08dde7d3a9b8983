import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { errorMs, noise, type Placed, placeSession, sessionStartMs } from '../test/simulated-camera.ts'
import { openClock } from './clock.ts'
import { placeSegment } from './place-segment.ts'
import { durationSeconds, type SegmentFacts } from './segment.ts'

const worst = (placed: readonly Placed[]): number => Math.max(...placed.map(p => Math.abs(errorMs(p))))
const stretchMs = (p: Placed): number => p.placement.endUtcMs - p.placement.startUtcMs - durationSeconds(p.facts) * 1000

/** Delays between 60 and 160 ms, now and then a second more. */
const lan =
  (seed: number) =>
  (segment: number): number => {
    const at = noise(seed)
    return 60 + 100 * at(segment) + (at(segment + 1e6) < 0.05 ? 1000 : 0)
  }

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

describe('closing times alone', () => {
  it.each([1, 2, 3])('place a session within its least delay and some tens of ms (seed %i)', seed => {
    const placed = placeSession({ segments: 300, delayMs: lan(seed) })
    expect(worst(placed.slice(20))).toBeLessThan(60 + 40)
    expect(placed.every(p => p.placement.source === 'host' && p.placement.absoluteErrorMs >= 250)).toBe(true)
  })

  it.each([-9, -1, 1, 9])('follow a camera that drifts by %i s a day to some tens of ms', perDay => {
    const placed = placeSession({ segments: 3000, rate: 1 + perDay / 86_400, delayMs: lan(7) })
    expect(worst(placed.slice(100))).toBeLessThan(60 + 40)
    expect(placed.some(p => p.diagnosis.clockUntrusted)).toBe(false)
  })

  it.each([-1000, -300, 1000])('follow a step of the host clock by %i ms without a step of their own', step => {
    const placed = placeSession({ segments: 300, delayMs: lan(3), hostErrorMs: n => (n < 200 ? 0 : step) })
    for (const p of placed.slice(220)) expect(Math.abs(errorMs(p) - step)).toBeLessThan(60 + 60)
    expect(placed.every(p => Math.abs(stretchMs(p)) <= 201)).toBe(true)
    expect(placed.some(p => p.diagnosis.clockUntrusted)).toBe(false)
  })
})

describe('sender reports', () => {
  it('replace closing times once they are locked, and halve no segment doing so', () => {
    const placed = placeSession({ segments: 30, delayMs: lan(1), cameraErrorMs: n => (n < 3 ? null : 0) })
    expect(placed.slice(0, 4).every(p => p.placement.source === 'host')).toBe(true)
    expect(placed.slice(5).every(p => p.placement.source === 'sender-report')).toBe(true)
    expect(placed.every(p => Math.abs(stretchMs(p)) <= 201)).toBe(true)
    expect(worst(placed.slice(10))).toBeLessThanOrEqual(1)
    expect(placed.at(-1)!.placement.absoluteErrorMs).toBeLessThanOrEqual(41)
  })

  it.each([-9, 9])('follow a drift of %i s a day to a few ms', perDay => {
    const placed = placeSession({ segments: 2000, rate: 1 + perDay / 86_400, delayMs: lan(2), cameraErrorMs: () => 0 })
    expect(worst(placed.slice(20))).toBeLessThan(5)
  })

  it('are refused while the camera clock runs ahead of arrival, which is shown', () => {
    const placed = placeSession({ segments: 60, delayMs: lan(4), cameraErrorMs: () => 3000 })
    expect(placed.slice(10).every(p => p.placement.source === 'host' && p.diagnosis.cameraClockAhead)).toBe(true)
    expect(worst(placed.slice(20))).toBeLessThan(60 + 40)
  })

  it('are refused while the camera clock is more than two seconds behind', () => {
    const placed = placeSession({ segments: 60, delayMs: lan(4), cameraErrorMs: () => -2500 })
    expect(placed.every(p => p.placement.source === 'host')).toBe(true)
    expect(placed.at(-1)!.diagnosis.senderReportOffsetMs).toBeLessThan(placed.at(-1)!.diagnosis.hostOffsetMs - 2000)
  })

  it('are left when the camera clock steps, taken up again when they agree, and trusted less from then on', () => {
    const placed = placeSession({ segments: 60, delayMs: lan(5), cameraErrorMs: n => (n < 30 ? 0 : -400) })
    expect(placed[30]!.placement.source).toBe('host')
    expect(placed.at(-1)!.placement.source).toBe('sender-report')
    expect(placed.every(p => Math.abs(stretchMs(p)) <= 201)).toBe(true)
    expect(placed[29]!.placement.absoluteErrorMs).toBeLessThan(50)
    expect(placed.at(-1)!.placement.absoluteErrorMs).toBeGreaterThanOrEqual(250)
  })

  it('are no longer followed when none has come for a minute', () => {
    const placed = placeSession({ segments: 60, delayMs: lan(1), cameraErrorMs: n => (n < 20 ? 0 : null) })
    expect(placed[30]!.placement.source).toBe('sender-report')
    expect(placed.slice(36).every(p => p.placement.source === 'host')).toBe(true)
  })

  it('that no clock could have written are passed over', () => {
    const written = [Number.NaN, Infinity, -1e15].flatMap(utcMs =>
      [1, 2, 3, Infinity].map(mediaSeconds => ({ mediaSeconds, utcMs })),
    )
    const first = placeSegment(openClock('s'), segment({ closedAtMs: 4000, senderReports: written }), null)
    expect(first.placement).toMatchObject({ startUtcMs: 0, endUtcMs: 4000, source: 'host' })
    const pairs = [5, 6, 7, 8].map(mediaSeconds => ({ mediaSeconds, utcMs: mediaSeconds * 1000 - 100 }))
    const facts = segment({ sequence: 1, mediaStartTicks: 4n, closedAtMs: 8000, senderReports: pairs })
    expect(placeSegment(first.clock, facts, 4000).placement).toMatchObject({ endUtcMs: 7900, source: 'sender-report' })
  })

  it('do not lock on write times, which come a group of pictures late, in place of the first report', () => {
    const at = noise(9)
    const placed = placeSession({
      segments: 40,
      delayMs: n => 50 + 5 * at(n),
      cameraErrorMs: n => (n < 10 ? 2000 + at(n) : 0),
    })
    expect(placed.slice(0, 10).every(p => p.placement.source === 'host')).toBe(true)
    expect(placed.at(-1)!.placement.source).toBe('sender-report')
    expect(Math.abs(errorMs(placed.at(-1)!))).toBeLessThanOrEqual(1)
  })
})

describe('a media clock that lies', () => {
  it.each([0.84, 1.19, 0.5, 1.02])('at a rate of %f is found within 20 segments and followed by arrival', rate => {
    const placed = placeSession({ segments: 200, rate, delayMs: n => 60 + 100 * noise(6)(n) })
    const found = placed.findIndex(p => p.diagnosis.clockUntrusted)
    expect(found).toBeGreaterThan(0)
    expect(found).toBeLessThan(20)
    expect(placed.slice(found).every(p => p.placement.source === 'untrusted')).toBe(true)
    expect(worst(placed.slice(40))).toBeLessThan(200)
    expect(placed.at(-1)!.placement.absoluteErrorMs).toBeGreaterThanOrEqual(500)
  })

  it('of 0.84 is found within eight segments', () => {
    const placed = placeSession({ segments: 8, rate: 0.84, delayMs: lan(1) })
    expect(placed.at(-1)!.diagnosis.clockUntrusted).toBe(true)
  })

  it('is not suspected for jitter and stalls of a slow network', () => {
    for (let seed = 0; seed < 20; seed++) {
      const at = noise(seed)
      const placed = placeSession({ segments: 400, delayMs: n => 100 + 400 * at(n) + (at(n + 5000) < 0.02 ? 8000 : 0) })
      expect(placed.filter(p => p.diagnosis.clockUntrusted).length).toBe(0)
    }
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

function segment(facts: Partial<SegmentFacts>): SegmentFacts {
  return {
    session: 's',
    sequence: 0,
    mediaStartTicks: 0n,
    durationTicks: 4n,
    timescale: 1,
    closedAtMs: 0,
    senderReports: [],
    ...facts,
  }
}
