import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeIn, missing, randomSteps } from '../test/random-steps.ts'
import { tinyHead } from '../test/tiny-head.ts'
import { encodeCheckpoint } from './checkpoint.ts'
import { advance, cut, flush } from './decoder.ts'

const head = tinyHead(1)
const seeds = fc.integer({ min: 1, max: 1e6 })

describe('a cut', () => {
  const before = randomSteps(21, 70)
  const after = randomSteps(22, 70)

  it('ends the open interval at the gap and starts the next one after it, both censored', () => {
    const { finals, state } = decodeIn(head, [before, [missing, missing, missing], after])
    const all = [...finals, ...flush(head, state).finals]
    const touchesEnd = all.filter(({ endStep }) => endStep === 170)
    const touchesStart = all.filter(({ startStep }) => startStep === 173)
    expect(touchesEnd.length + touchesStart.length).toBeGreaterThan(0)
    for (const { censoredEnd, endSdSeconds } of touchesEnd) expect([censoredEnd, endSdSeconds]).toEqual([true, null])
    for (const { censoredStart, startSdSeconds } of touchesStart) {
      expect([censoredStart, startSdSeconds]).toEqual([true, null])
    }
  })

  it('lets no interval span a gap, and censors only what touches the edge of the video', () => {
    fc.assert(
      fc.property(seeds, seed => {
        const steps = randomSteps(seed, 150, 0.03)
        const isGap = (step: number) => steps[step - 100]?.kind !== 'observed'
        const { finals, state } = decodeIn(head, [steps])
        for (const interval of [...finals, ...flush(head, state).finals]) {
          for (let step = interval.startStep; step < interval.endStep; step++) expect(isGap(step)).toBe(false)
          expect(interval.censoredStart).toBe(isGap(interval.startStep - 1))
          expect(interval.censoredEnd).toBe(isGap(interval.endStep))
          expect(interval.startSdSeconds === null).toBe(interval.censoredStart)
          expect(interval.endSdSeconds === null).toBe(interval.censoredEnd)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('by hand equals a missing run', () => {
    const { state } = decodeIn(head, [before])
    const byRun = advance(head, state, [missing, missing])
    const byHand = cut(head, state)
    expect(byHand.finals).toEqual(byRun.finals)
    const rest = advance(head, byHand.state, [missing, missing])
    expect(rest.finals).toEqual([])
    expect(encodeCheckpoint(rest.state)).toEqual(encodeCheckpoint(byRun.state))
  })

  it('decides everything before it', () => {
    const { state } = decodeIn(head, [before])
    expect(cut(head, state).decidedThrough).toBe(170)
    expect(advance(head, state, [missing, missing]).decidedThrough).toBe(172)
  })

  it('twice is a cut once', () => {
    const once = cut(head, decodeIn(head, [before]).state)
    const twice = cut(head, once.state)
    expect(twice.finals).toEqual([])
    expect(encodeCheckpoint(twice.state)).toEqual(encodeCheckpoint(once.state))
  })
})
