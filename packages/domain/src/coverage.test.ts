import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import {
  type CoverageEntry,
  extendCoverage,
  loseCoverage,
  lossReasons,
  summariseCoverage,
  unaccounted,
} from './coverage.ts'

const extend = (coveredUntilMs: number | null, startUtcMs: number, endUtcMs: number): readonly CoverageEntry[] =>
  extendCoverage({
    camera: 'c',
    coveredUntilMs,
    placement: { startUtcMs, endUtcMs },
    segment: `at ${startUtcMs}`,
    reasonForHole: 'disconnected',
  })

/** A chain of segments and outages in arbitrary order, from an arbitrary start. */
const anyChain = fc
  .tuple(
    fc.integer({ min: 0, max: 10_000 }),
    fc.array(
      fc.record({
        hole: fc.integer({ min: 0, max: 5000 }),
        length: fc.integer({ min: 1, max: 8000 }),
        outage: fc.option(fc.constantFrom(...lossReasons)),
      }),
      { minLength: 1, maxLength: 30 },
    ),
  )
  .map(([start, links]) => {
    const entries: CoverageEntry[] = []
    for (const link of links) {
      const until = entries.at(-1)?.endUtcMs ?? null
      const from = (until ?? start) + link.hole
      if (until !== null && link.outage)
        entries.push(
          ...loseCoverage({ camera: 'c', coveredUntilMs: until, untilMs: from + link.length, reason: link.outage }),
        )
      else entries.push(...extend(until, from, from + link.length))
    }
    return entries
  })

describe('a chain of coverage', () => {
  test('has links that touch, and accounts for all its time', () => {
    fc.assert(
      fc.property(anyChain, chain => {
        chain.slice(1).forEach((link, i) => {
          expect(link.startUtcMs).toBe(chain[i]!.endUtcMs)
        })
        const whole = { startUtcMs: chain[0]!.startUtcMs, endUtcMs: chain.at(-1)!.endUtcMs }
        expect(unaccounted(chain, whole)).toEqual([])
      }),
    )
  })

  test('misses exactly the link that is taken out of it', () => {
    fc.assert(
      fc.property(anyChain, fc.nat(), (chain, pick) => {
        const index = pick % chain.length
        const { startUtcMs, endUtcMs } = chain[index]!
        const whole = { startUtcMs: chain[0]!.startUtcMs, endUtcMs: chain.at(-1)!.endUtcMs }
        expect(unaccounted(chain.toSpliced(index, 1).toReversed(), whole)).toEqual([{ startUtcMs, endUtcMs }])
      }),
    )
  })

  test('sums up to the window, whatever the window and the hour', () => {
    const times = fc.integer({ min: -10_000, max: 200_000 })
    fc.assert(
      fc.property(
        anyChain,
        times,
        fc.integer({ min: 1, max: 100_000 }),
        times,
        (entries, startUtcMs, length, nowMs) => {
          const window = { startUtcMs, endUtcMs: startUtcMs + length }
          const s = summariseCoverage({ entries, window, nowMs, lateAfterMs: 60_000 })
          const lost = Object.values(s.lostMs).reduce((a, b) => a + b, 0)
          expect(s.observedMs + lost + s.lateMs + s.unaccountedMs + s.outsideMs).toBe(length)
          expect(s.unaccountedMs).toBe(0)
          expect(Math.min(s.observedMs, s.lateMs, s.outsideMs)).toBeGreaterThanOrEqual(0)
        },
      ),
    )
  })

  it('starts with its first segment', () => {
    expect(extend(null, 1000, 5000)).toEqual([
      { camera: 'c', startUtcMs: 1000, endUtcMs: 5000, state: 'observed', reason: null, segment: 'at 1000' },
    ])
  })

  it('gives a hole before a segment its reason', () => {
    expect(extend(500, 1000, 5000)[0]).toEqual({
      camera: 'c',
      startUtcMs: 500,
      endUtcMs: 1000,
      state: 'lost',
      reason: 'disconnected',
      segment: null,
    })
  })

  it('refuses a segment that starts before its end, and one without length', () => {
    expect(() => extend(1001, 1000, 5000)).toThrow(expect.objectContaining({ code: 'coverage-overlap' }))
    expect(() => extend(null, 1000, 1000)).toThrow(expect.objectContaining({ code: 'coverage-empty' }))
    expect(() => extend(null, 1000, Number.NaN)).toThrow(expect.objectContaining({ code: 'coverage-empty' }))
  })

  it('is not lengthened by an outage that it covers already', () => {
    expect(loseCoverage({ camera: 'c', coveredUntilMs: 10, untilMs: 10, reason: 'stalled' })).toEqual([])
  })
})

describe('a summary', () => {
  it('calls a silent camera late from the end of its chain until what is not due yet', () => {
    const entries = extend(null, 0, 40_000)
    const summary = summariseCoverage({
      entries,
      window: { startUtcMs: 0, endUtcMs: 200_000 },
      nowMs: 160_000,
      lateAfterMs: 60_000,
    })
    expect(summary).toMatchObject({ observedMs: 40_000, lateMs: 60_000, unaccountedMs: 0, outsideMs: 100_000 })
  })

  it('shows a hole that nobody spoke for', () => {
    const entries = [...extend(null, 0, 1000), ...extend(null, 3000, 4000)]
    const summary = summariseCoverage({
      entries,
      window: { startUtcMs: 0, endUtcMs: 4000 },
      nowMs: 4000,
      lateAfterMs: 60_000,
    })
    expect(summary).toMatchObject({ observedMs: 2000, unaccountedMs: 2000 })
  })
})
