import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import {
  advanceSlot,
  type ChainLink,
  type EmbeddingState,
  embeddingStates,
  frontier,
  lateness,
  type SlotEvent,
  watermark,
} from './slots.ts'

const events: readonly SlotEvent[] = ['embedded', 'declared-late', 'exhausted', 'retried']
const holdsBack = (state: EmbeddingState): boolean => state === 'pending'

describe('an embedding slot', () => {
  it.each([
    ['pending', 'embedded', 'embedded', false],
    ['pending', 'declared-late', 'late', false],
    ['pending', 'exhausted', 'dead', false],
    ['late', 'embedded', 'embedded', true],
    ['late', 'exhausted', 'dead', false],
    ['dead', 'embedded', 'embedded', true],
    ['dead', 'retried', 'late', false],
    ['embedded', 'declared-late', 'embedded', false],
    ['embedded', 'exhausted', 'embedded', false],
  ] as const)('that is %s and hears "%s" becomes %s (revision: %s)', (state, event, next, requestRevision) => {
    expect(advanceSlot(state, event)).toEqual({ state: next, requestRevision })
  })

  test('never holds a station back again once it was passed, and asks once for each healing', () => {
    fc.assert(
      fc.property(fc.constantFrom(...embeddingStates), fc.array(fc.constantFrom(...events)), (start, heard) => {
        let state = start
        let requests = 0
        for (const event of heard) {
          const next = advanceSlot(state, event)
          if (!holdsBack(state)) expect(holdsBack(next.state)).toBe(false)
          if (next.requestRevision) requests += 1
          state = next.state
        }
        expect(requests).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('ends the same when an event is heard twice in a row', () => {
    fc.assert(
      fc.property(fc.constantFrom(...embeddingStates), fc.constantFrom(...events), (state, event) => {
        const once = advanceSlot(state, event).state
        if (event !== 'retried') expect(advanceSlot(once, event)).toEqual({ state: once, requestRevision: false })
      }),
    )
  })
})

const lost = (startUtcMs: number, endUtcMs: number): ChainLink => ({ kind: 'lost', startUtcMs, endUtcMs })
const observed = (startUtcMs: number, endUtcMs: number, slot: EmbeddingState, since = 0): ChainLink => ({
  kind: 'observed',
  startUtcMs,
  endUtcMs,
  segment: `at ${startUtcMs}`,
  slot,
  since,
})

describe('the frontier of a view', () => {
  it('passes embedded, late, dead and lost time and stops before what is pending', () => {
    const chain = [
      observed(0, 4, 'embedded'),
      observed(4, 8, 'late'),
      lost(8, 9),
      observed(9, 12, 'dead'),
      observed(12, 16, 'pending', 7),
    ]
    expect(frontier(chain, 1)).toEqual({ frontierMs: 12, stuckOn: 'pending', stuckSegment: 'at 12', pendingSince: 7 })
  })

  it('stops at the end of the chain, at a hole, and where no chain has begun', () => {
    expect(frontier([observed(0, 4, 'embedded')], 0)).toEqual({ frontierMs: 4, stuckOn: 'end-of-chain' })
    expect(frontier([observed(0, 4, 'embedded'), observed(5, 8, 'embedded')], 0).frontierMs).toBe(4)
    expect(frontier([observed(5, 8, 'embedded')], 0).frontierMs).toBe(0)
    expect(frontier([], 3)).toEqual({ frontierMs: 3, stuckOn: 'end-of-chain' })
  })

  test('never moves back when slots hear events and the chain grows', () => {
    const links = fc.array(fc.record({ length: fc.integer({ min: 1, max: 9 }), lost: fc.boolean() }), {
      minLength: 1,
      maxLength: 15,
    })
    const heard = fc.array(fc.tuple(fc.nat(), fc.constantFrom(...events)), { maxLength: 40 })
    fc.assert(
      fc.property(links, heard, (plan, moves) => {
        let end = 0
        const chain = plan.map(link => {
          const start = end
          end += link.length
          return link.lost ? lost(start, end) : observed(start, end, 'pending')
        })
        let least = 0
        for (const [pick, event] of moves) {
          const index = pick % chain.length
          const link = chain[index]!
          if (link.kind === 'observed') chain[index] = { ...link, slot: advanceSlot(link.slot, event).state }
          const { frontierMs } = frontier(chain, 0)
          expect(frontierMs).toBeGreaterThanOrEqual(least)
          least = frontierMs
        }
      }),
    )
  })
})

describe('the watermark of a station', () => {
  it('is the least of its required views', () => {
    expect(watermark([{ frontierMs: 9 }, { frontierMs: 4 }, { frontierMs: 7 }])).toBe(4)
  })

  it('does not exist without a required view', () => {
    expect(() => watermark([])).toThrow(expect.objectContaining({ code: 'no-required-view' }))
  })
})

describe('lateness', () => {
  const pending = frontier([observed(0, 4, 'pending', 100_000)], 0)
  const silent = frontier([observed(0, 4000, 'embedded')], 0)

  it('begins when a slot was pending for longer than D, and cuts where the slot starts', () => {
    expect(lateness(pending, 160_000)).toEqual({ late: false })
    expect(lateness(pending, 160_001)).toEqual({ late: true, cutFromMs: 0, because: 'pending' })
  })

  it("begins when the chain's end is older than D, and cuts there", () => {
    expect(lateness(silent, 64_000)).toEqual({ late: false })
    expect(lateness(silent, 64_001)).toEqual({ late: true, cutFromMs: 4000, because: 'silent' })
  })
})
