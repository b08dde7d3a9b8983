import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { decodeFilm, firstCursor } from '../test/deterministic-segmenter.ts'
import { planSwitch, type Release, releaseInForce, switchWaitsAtMostMs } from './release.ts'

const release = (id: string, effectiveFromMs: number): Release => ({
  id,
  station: 's',
  encoder: 'e',
  head: 'h',
  effectiveFromMs,
})

describe('the release in force', () => {
  it('is the latest that has begun, and of two at one instant the one added last', () => {
    const releases = [release('a', 0), release('c', 20), release('b', 10), release('b2', 10)]
    expect(releaseInForce(releases, -1)).toBeNull()
    expect(releaseInForce(releases, 10)?.id).toBe('b2')
    expect(releaseInForce(releases, 19)?.id).toBe('b2')
    expect(releaseInForce(releases, 20)?.id).toBe('c')
  })
})

/** Slots of 250 ms: a cycle is a, b, b, c. */
const film = Array.from({ length: 41 }, (_, slot) => ['a', 'b', 'b', 'c'][slot % 4]!)
const { finals } = decodeFilm(film, firstCursor, 41)
const plan = (effectiveFromMs: number, rest: Partial<Parameters<typeof planSwitch>[0]> = {}) =>
  planSwitch({
    current: release('old', 0),
    next: release('new', effectiveFromMs),
    finals,
    opensCycle: step => step === 'a',
    decodedThroughMs: 10_250,
    waitedMs: 10_250 - effectiveFromMs,
    cycleMs: 1000,
    ...rest,
  })

describe('a switch of release', () => {
  test('happens at the first cycle start at or after its instant, and leaves what is before to the old run', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9000 }), effectiveFromMs => {
        const fromSlot = Math.ceil(effectiveFromMs / 1000) * 4
        const found = plan(effectiveFromMs)!
        expect(found).toMatchObject({ fromSlot, warmUpFromSlot: fromSlot - 4, because: 'cycle-start' })
        expect(found.keep).toEqual(finals.filter(interval => interval.endSlot <= fromSlot))
      }),
    )
  })

  it('waits for a cycle start, but not for ever', () => {
    const rest = { opensCycle: () => false, decodedThroughMs: switchWaitsAtMostMs + 5000 }
    expect(plan(0, { ...rest, waitedMs: switchWaitsAtMostMs })).toBeNull()
    expect(plan(0, { ...rest, waitedMs: switchWaitsAtMostMs + 1 })).toMatchObject({
      fromSlot: (switchWaitsAtMostMs + 5000) / 250,
      because: 'waited-too-long',
      keep: finals,
    })
  })

  it('does not happen before its instant is decoded, without a next release, or to the release in force', () => {
    expect(plan(10_251)).toBeNull()
    expect(plan(0, { next: null })).toBeNull()
    expect(plan(0, { next: release('old', 0) })).toBeNull()
  })
})
