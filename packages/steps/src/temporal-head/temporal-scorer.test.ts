import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeIn, FIRST_STEP, missing, randomSteps } from '../../test/random-steps.ts'
import { tinyTemporalHead } from '../../test/tiny-head.ts'
import { decodeCheckpoint, encodeCheckpoint } from '../checkpoint.ts'
import { advance, cut, flush } from '../decoder.ts'
import { openDecoder } from '../decoder-state.ts'
import { StepsError } from '../errors.ts'
import type { TimeStep } from '../time-step.ts'

const head = tinyTemporalHead(1)
const seeds = fc.integer({ min: 1, max: 1e6 })

/** The steps in pieces that end at the given places. */
function pieces(steps: readonly TimeStep[], ends: readonly number[]): TimeStep[][] {
  const sorted = [0, ...ends.toSorted((a, b) => a - b), steps.length]
  return sorted.slice(1).map((end, index) => steps.slice(sorted[index], end))
}

const evidenceOf = (steps: readonly TimeStep[]) => advance(head, openDecoder(head, FIRST_STEP), steps).state.evidence

describe('a head with a temporal scorer', () => {
  it('says the same whether a window is decoded at once or video comes in any pieces, through checkpoints, to the bit', () => {
    fc.assert(
      fc.property(seeds, fc.array(fc.nat(150), { maxLength: 10 }), (seed, ends) => {
        const steps = randomSteps(seed, 150, 0.02)
        const whole = decodeIn(head, [steps])
        let state = openDecoder(head, FIRST_STEP)
        const finals = pieces(steps, ends).flatMap(piece => {
          const advanced = advance(head, state, piece)
          state = decodeCheckpoint(encodeCheckpoint(advanced.state), head)
          expect(state).toEqual(advanced.state)
          return advanced.finals
        })
        expect(finals).toEqual(whole.finals)
        expect(encodeCheckpoint(state)).toEqual(encodeCheckpoint(whole.state))
      }),
      { numRuns: 40 },
    )
  })

  it('looks 16 steps ahead and no further: what comes later changes no score', () => {
    fc.assert(
      fc.property(seeds, seed => {
        const seen = randomSteps(seed, 40)
        const [one, other] = [1, 2].map(more => evidenceOf([...seen, ...randomSteps(seed + more, 1)]))
        expect(one!.slice(0, -1)).toEqual(other!.slice(0, -1))
        expect(one!.at(-1)).not.toEqual(other!.at(-1))
      }),
      { numRuns: 20 },
    )
  })

  it('keeps the 15 steps before the next one to be scored, and those that wait', () => {
    const { state } = decodeIn(head, [randomSteps(4, 60)])
    const { readyThrough, seenThrough, views } = state.ahead
    const kept = views.flatMap(view => (view.kind === 'temporal' ? view.recent.map(({ step }) => step) : []))
    expect(kept.every(step => readyThrough - 15 <= step && step < seenThrough)).toBe(true)
    expect(kept.length).toBeGreaterThan(20)
  })

  it('looks across no gap: after one it scores as a station that begins there with the same moments', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 20 }), (seed, gap) => {
        const before = decodeIn(head, [randomSteps(seed, 60)]).state
        const after = randomSteps(seed + 1, 40)
        const gone = advance(head, before, Array<TimeStep>(gap).fill(missing)).state
        for (const view of gone.ahead.views) if (view.kind === 'temporal') expect(view.recent).toEqual([])
        const byGap = advance(head, gone, after)
        const byHand = advance(head, cut(head, before).state, after)
        expect(byGap.state.evidence).toEqual(byHand.state.evidence)
      }),
      { numRuns: 20 },
    )
  })

  it('shows as provisional what a window that ended here would say', () => {
    let state = openDecoder(head, FIRST_STEP)
    for (const step of randomSteps(6, 80)) {
      const advanced = advance(head, state, [step])
      state = advanced.state
      expect(advanced.provisionals).toEqual(flush(head, state).finals)
    }
  })

  it('leaves the state it was given as it was', () => {
    const { state } = decodeIn(head, [randomSteps(3, 60)])
    const before = encodeCheckpoint(state)
    advance(head, state, randomSteps(4, 30))
    expect(encodeCheckpoint(state)).toEqual(before)
  })

  it('remembers no more after 10,000 steps than after 100', () => {
    const sizeAfter = (length: number) => encodeCheckpoint(decodeIn(head, [randomSteps(5, length)]).state).length
    expect(sizeAfter(10_000)).toBeLessThan(sizeAfter(100) + 1_000)
  })

  it('refuses a checkpoint that was cut short or changed anywhere', () => {
    const bytes = encodeCheckpoint(decodeIn(head, [randomSteps(7, 40)]).state)
    const refused = (damaged: Uint8Array) => expect(() => decodeCheckpoint(damaged, head)).toThrow(StepsError)
    for (let length = 0; length < bytes.length; length += 7) refused(bytes.subarray(0, length))
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = bytes.slice()
        damaged[at]! ^= change
        refused(damaged)
      }),
    )
  })
})
