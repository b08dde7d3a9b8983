import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FRAMES_PER_CLIP } from '../clips.ts'
import { candidates, drawClip, heldFor, planWindow, windowOf } from './window-plan.ts'

const options = fc.record({
  segments: fc.integer({ min: 1, max: 60 }),
  room: fc.integer({ min: 6, max: 80 }),
  clipsPerCall: fc.integer({ min: 1, max: 12 }),
  clipsPerDecode: fc.integer({ min: 12, max: 40 }),
  seed: fc.nat(),
})

const planOf = ({
  room,
  ...rest
}: { readonly room: number } & Omit<Parameters<typeof planWindow>[0], 'segmentBytes' | 'limitBytes'>) =>
  planWindow({ ...rest, segmentBytes: 1000, limitBytes: room * 1000 + 999 })

describe('the window', () => {
  test('holds every clip that is cut, and what a call holds fits the room', () => {
    fc.assert(
      fc.property(options, fc.nat(5_000), (given, call) => {
        const plan = planOf(given)
        const first = call * given.clipsPerCall
        const last = first + given.clipsPerCall - 1
        const held = heldFor(plan, first, last)
        expect(held.to - held.from).toBeLessThanOrEqual(given.room)
        for (let clip = first; clip <= last; clip++) {
          const { from, to } = windowOf(plan, clip)
          const { position, chance } = drawClip(plan, clip)
          expect(position >= from && position < to && from >= held.from && to <= held.to).toBe(true)
          expect(chance >= 0 && chance < 1).toBe(true)
        }
      }),
    )
  })

  test('never turns back: what it has let go of comes again only a round later', () => {
    fc.assert(
      fc.property(options, fc.nat(10_000), (given, clip) => {
        const plan = planOf(given)
        const [before, after] = [windowOf(plan, clip), windowOf(plan, clip + 1)]
        expect(after.from - before.from).toBeGreaterThanOrEqual(0)
        expect(after.to - before.to).toBeGreaterThanOrEqual(0)
        expect(after.to - after.from).toBeLessThanOrEqual(given.segments)
      }),
    )
  })

  test('stands still once it holds all segments, where they fit', () => {
    const plan = planOf({ segments: 20, room: 20, clipsPerCall: 4, clipsPerDecode: 10, seed: 3 })
    expect([0, 9, 10, 160, 1e6].map(clip => windowOf(plan, clip))).toEqual([
      { from: 0, to: 4 },
      { from: 0, to: 4 },
      { from: 0, to: 5 },
      { from: 0, to: 20 },
      { from: 0, to: 20 },
    ])
    expect(heldFor(plan, 1e6, 1e6 + 3)).toEqual({ from: 0, to: 20 })
  })

  test('moves on by a segment every so many clips, where they do not', () => {
    const plan = planOf({ segments: 100, room: 20, clipsPerCall: 4, clipsPerDecode: 10, seed: 3 })
    expect([0, 10, 110, 120, 1_120].map(clip => windowOf(plan, clip))).toEqual([
      { from: 0, to: 4 },
      { from: 0, to: 5 },
      { from: 0, to: 15 },
      { from: 1, to: 16 },
      { from: 101, to: 116 },
    ])
  })

  test('that not even one segment fits in is refused with what it needs', () => {
    expect(() => planOf({ segments: 10, room: 5, clipsPerCall: 4, clipsPerDecode: 10, seed: 1 })).toThrow(
      expect.objectContaining({ code: 'clips-without-room', message: expect.stringContaining('need 6000 bytes') }),
    )
    expect(planOf({ segments: 10, room: 6, clipsPerCall: 4, clipsPerDecode: 10, seed: 1 }).size).toBe(1)
  })
})

describe('the clips', () => {
  /** How often each position was drawn in `[from, to)`. */
  const drawn = (plan: ReturnType<typeof planOf>, from: number, to: number) => {
    const times = new Map<number, number>()
    for (let clip = from; clip < to; clip++) {
      const { position } = drawClip(plan, clip)
      times.set(position, (times.get(position) ?? 0) + 1)
    }
    return times
  }

  test('are cut from every segment, each time it is decoded, as often as from any other', () => {
    fc.assert(
      fc.property(options, given => {
        const plan = planOf(given)
        fc.pre(plan.size < plan.segments)
        const grown = plan.size * plan.clipsPerDecode
        const rounds = (plan.segments + 2 * plan.size) * plan.clipsPerDecode
        const times = drawn(plan, 0, grown + rounds)
        for (let position = plan.size; position < plan.segments + plan.size; position++) {
          expect(Math.abs(times.get(position)! - plan.clipsPerDecode)).toBeLessThanOrEqual(2)
        }
      }),
      { numRuns: 40 },
    )
  })

  test('of as many in a row as the window has segments come from different ones', () => {
    const plan = planOf({ segments: 30, room: 30, clipsPerCall: 4, clipsPerDecode: 2, seed: 5 })
    const positions = Array.from({ length: 30 }, (_, i) => drawClip(plan, 3_000 + i).position)
    expect(new Set(positions).size).toBe(30)
  })

  test('begin at every frame of a segment equally often, as far as chance allows', () => {
    const plan = planOf({ segments: 5, room: 5, clipsPerCall: 4, clipsPerDecode: 2, seed: 5 })
    const begins = new Array<number>(32 - FRAMES_PER_CLIP + 1).fill(0)
    for (let clip = 0; clip < 17_000; clip++) begins[Math.floor(drawClip(plan, clip).chance * begins.length)]!++
    for (const times of begins) expect(Math.abs(times - 1_000)).toBeLessThan(5 * Math.sqrt(1_000))
  })

  test('follow from the seed', () => {
    const clips = (seed: number) => {
      const plan = planOf({ segments: 40, room: 20, clipsPerCall: 8, clipsPerDecode: 10, seed })
      return Array.from({ length: 100 }, (_, clip) => drawClip(plan, 500 + clip))
    }
    expect(clips(1)).toEqual(clips(1))
    expect(clips(2)).not.toEqual(clips(1))
  })
})

describe('the segments that may stand at a position', () => {
  test('are all there are, each once', () => {
    fc.assert(
      fc.property(options, fc.nat(1_000), (given, position) => {
        const all = [...candidates(planOf(given), position)]
        expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: given.segments }, (_, i) => i))
      }),
    )
  })

  test('begin with its own, which is another at each position of a round and the same a round later', () => {
    const plan = planOf({ segments: 40, room: 20, clipsPerCall: 8, clipsPerDecode: 10, seed: 1 })
    const own = (position: number) => candidates(plan, position).next().value
    const round = Array.from({ length: 40 }, (_, position) => own(position))
    expect(new Set(round).size).toBe(40)
    expect(Array.from({ length: 40 }, (_, position) => own(40 + position))).toEqual(round)
  })

  test('spread the clips of one that is left out over all others', () => {
    const plan = planOf({ segments: 40, room: 20, clipsPerCall: 8, clipsPerDecode: 10, seed: 1 })
    const standIns = Array.from({ length: 200 }, (_, round) => [...candidates(plan, 7 + 40 * round)][1])
    expect(new Set(standIns).size).toBeGreaterThan(35)
  })
})
