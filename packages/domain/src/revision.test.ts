import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { anyPath, content, published } from '../test/interval-paths.ts'
import { overlapMs } from './range.ts'
import { type CurrentInterval, type PinnedInterval, reviseWindow, type WindowRevision } from './revision.ts'
import type { IntervalContent } from './trim-interval.ts'

type Request = Parameters<typeof reviseWindow>[0]
const everything = { startUtcMs: -Infinity, endUtcMs: Infinity }
const revise = (request: Partial<Request>): WindowRevision =>
  reviseWindow({ current: [], redecoded: [], window: everything, pinned: [], frozenUntilMs: -Infinity, ...request })

/** What is published after a revision. */
function apply(current: readonly CurrentInterval[], revision: WindowRevision): readonly CurrentInterval[] {
  const next = new Map(revision.revise.map(r => [r.id, r.next]))
  const gone = new Set(revision.tombstone)
  return [
    ...current.filter(old => !gone.has(old.id)).map(old => ({ ...old, ...next.get(old.id) })),
    ...revision.create.map((made, i) => ({ id: `new ${i} at ${made.startUtcMs}`, ...made })),
  ].sort((a, b) => a.startUtcMs - b.startUtcMs)
}

/** The same path found a little differently: boundaries moved by a slot or two, some steps not found or renamed. */
const foundAgain = (path: readonly IntervalContent[], moves: readonly number[]): readonly IntervalContent[] =>
  path.flatMap((interval, i) => {
    const move = moves[i % moves.length]!
    if (move === 9) return []
    const startUtcMs = interval.startUtcMs + Math.max(0, move) * 250
    const { endUtcMs } = interval
    if (startUtcMs >= endUtcMs) return []
    return [content(move === 8 ? 'c' : interval.step, move === 8 ? interval.startUtcMs : startUtcMs, endUtcMs)]
  })

/** An old and a new path, a window, what a person decided about some of the old path, and a frozen part. */
const anyRequest: fc.Arbitrary<Request> = fc
  .record({
    old: anyPath,
    other: fc.option(anyPath),
    moves: fc.array(fc.integer({ min: -3, max: 9 }), { minLength: 1, maxLength: 14 }),
    window: fc.tuple(fc.nat(20_000), fc.nat(40_000)),
    pins: fc.array(fc.record({ pick: fc.nat(), removed: fc.boolean(), step: fc.constantFrom('a', 'b') }), {
      maxLength: 3,
    }),
    frozenUntilMs: fc.oneof(fc.constant(-Infinity), fc.nat(30_000)),
  })
  .map(({ old, other, moves, window: [start, length], pins, frozenUntilMs }) => {
    const redecoded = other ?? foundAgain(old, moves)
    const picked = new Map(pins.map(pin => [pin.pick % Math.max(1, old.length), pin]))
    const pinned: PinnedInterval[] = []
    const current = old.flatMap((interval, i): CurrentInterval[] => {
      const pin = picked.get(i)
      const { startUtcMs, endUtcMs } = interval
      if (pin)
        pinned.push({ id: pin.removed ? null : `old ${i}`, step: pin.removed ? null : pin.step, startUtcMs, endUtcMs })
      return pin?.removed ? [] : [{ ...interval, step: pin?.step ?? interval.step, id: `old ${i}` }]
    })
    return { current, redecoded, window: { startUtcMs: start, endUtcMs: start + length }, pinned, frozenUntilMs }
  })

describe('a revision', () => {
  test('changes nothing when it is applied a second time', () => {
    fc.assert(
      fc.property(anyRequest, request => {
        const first = reviseWindow(request)
        const second = reviseWindow({ ...request, current: apply(request.current, first) })
        expect(second).toMatchObject({ revise: [], tombstone: [], create: [] })
        expect(second.proposals).toEqual(first.proposals)
      }),
      { numRuns: 500 },
    )
  })

  test('never publishes two intervals at one time', () => {
    fc.assert(
      fc.property(anyRequest, request => {
        const after = apply(request.current, reviseWindow(request))
        after.slice(1).forEach((interval, i) => {
          expect(interval.startUtcMs).toBeGreaterThanOrEqual(after[i]!.endUtcMs)
        })
      }),
      { numRuns: 500 },
    )
  })

  test("leaves a person's decisions, frozen time and what is outside its window as they are", () => {
    fc.assert(
      fc.property(anyRequest, request => {
        const after = apply(request.current, reviseWindow(request))
        const { window, frozenUntilMs, pinned } = request
        for (const old of request.current) {
          const outside = old.startUtcMs < window.startUtcMs || old.startUtcMs >= window.endUtcMs
          const decided = pinned.some(pin => pin.id === old.id)
          if (outside || decided || old.startUtcMs < frozenUntilMs) expect(after).toContainEqual(old)
        }
        for (const pin of pinned)
          for (const interval of after) if (interval.id !== pin.id) expect(overlapMs(interval, pin)).toBe(0)
      }),
      { numRuns: 500 },
    )
  })

  test('says what becomes of every published interval of its window, once', () => {
    fc.assert(
      fc.property(anyRequest, request => {
        const { keep, revise, tombstone } = reviseWindow(request)
        const { startUtcMs, endUtcMs } = request.window
        const own = request.current.filter(old => old.startUtcMs >= startUtcMs && old.startUtcMs < endUtcMs)
        expect([...keep, ...revise.map(r => r.id), ...tombstone].sort()).toEqual(own.map(old => old.id).sort())
      }),
    )
  })

  test('publishes the new path exactly where nobody decided and nothing is frozen', () => {
    fc.assert(
      fc.property(anyPath, anyPath, (old, redecoded) => {
        const current = old.map((interval, i) => ({ ...interval, id: `old ${i}` }))
        const after = apply(current, revise({ current, redecoded }))
        expect(after.map(({ id: _, ...rest }): IntervalContent => rest)).toEqual(redecoded)
      }),
    )
  })

  it('keeps the id of the same step with the largest agreement of at least a half', () => {
    const current = [published('x', 'pick', 0, 1000), published('y', 'place', 1000, 2000)]
    const next = content('pick', 250, 1250)
    const redecoded = [next, content('place', 1750, 2000)]
    expect(revise({ current, redecoded })).toEqual({
      keep: [],
      revise: [{ id: 'x', next }],
      tombstone: ['y'],
      create: [redecoded[1]],
      proposals: [],
    })
  })

  it('touches nothing for a difference below a millisecond or in confidence alone', () => {
    const current = [published('x', 'pick', 0, 1000)]
    const redecoded = [{ ...content('pick', 0.4, 1000.3), durationMs: 999.9, confidence: 0.2 }]
    expect(revise({ current, redecoded })).toMatchObject({ keep: ['x'], revise: [] })
  })

  it('revises when only the duration or the censoring changes', () => {
    const current = [published('x', 'pick', 0, 1000)]
    expect(revise({ current, redecoded: [{ ...content('pick', 0, 1000), durationMs: 980 }] }).revise).toHaveLength(1)
    const cut = { ...content('pick', 0, 1000), durationMs: null, censored: 'end' as const }
    expect(revise({ current, redecoded: [cut] }).revise).toHaveLength(1)
  })

  it("ends at a person's edge what ran into it, and measures it by UTC", () => {
    const pinned = [{ id: 'x', step: 'pick', startUtcMs: 0, endUtcMs: 1500 }]
    const current = [published('x', 'pick', 0, 1500)]
    const { create } = revise({ current, pinned, redecoded: [content('pick', 0, 1000), content('place', 1000, 4000)] })
    expect(create).toMatchObject([
      { step: 'place', startUtcMs: 1500, endUtcMs: 4000, durationMs: 2500, durationSource: 'utc' },
    ])
  })

  it('does not bring back what a person removed', () => {
    const pinned = [{ id: null, step: null, startUtcMs: 0, endUtcMs: 1000 }]
    expect(revise({ pinned, redecoded: [content('pick', 100, 1100)] }).create).toEqual([])
  })

  it('leaves an interval alone that would begin in a closed period from now on', () => {
    const current = [published('x', 'pick', 2000, 3000), published('y', 'place', 3000, 4000)]
    const redecoded = [content('pick', 1750, 2750), content('place', 2750, 4000)]
    const { keep, revise: revised, proposals } = revise({ current, redecoded, frozenUntilMs: 2000 })
    expect({ keep, revised, proposals }).toMatchObject({
      keep: ['x', 'y'],
      revised: [],
      proposals: [{ kind: 'revise', id: 'x', next: redecoded[0] }],
    })
  })

  it('proposes what it would change in a closed period', () => {
    const current = [published('x', 'pick', 0, 1000), published('y', 'place', 1000, 2000)]
    const redecoded = [content('pick', 0, 1250), content('screw', 1250, 2000), content('pick', 2000, 3000)]
    expect(revise({ current, redecoded, frozenUntilMs: 2000 })).toEqual({
      keep: ['x', 'y'],
      revise: [],
      tombstone: [],
      create: [redecoded[2]],
      proposals: [
        { kind: 'revise', id: 'x', next: redecoded[0] },
        { kind: 'tombstone', id: 'y' },
        { kind: 'create', next: redecoded[1] },
      ],
    })
  })
})
