import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeIn, randomSteps } from '../test/random-steps.ts'
import { tinyHead } from '../test/tiny-head.ts'
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts'
import { advance, flush } from './decoder.ts'
import { openDecoder } from './decoder-state.ts'
import type { Interval } from './interval.ts'
import type { TimeStep } from './time-step.ts'

const head = tinyHead(1)
function split(steps: readonly TimeStep[], sizes: readonly number[]): TimeStep[][] {
  const pieces: TimeStep[][] = []
  let at = 0
  for (const size of sizes) {
    pieces.push(steps.slice(at, at + size))
    at += size
  }
  return [...pieces, steps.slice(at)]
}

const seeds = fc.integer({ min: 1, max: 1e6 })
const sizes = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 12 })

describe('advance', () => {
  it('gives the same finals and state however the steps are divided among calls', () => {
    fc.assert(
      fc.property(seeds, sizes, (seed, pieces) => {
        const steps = randomSteps(seed, 150, 0.02)
        const whole = decodeIn(head, [steps])
        const divided = decodeIn(head, split(steps, pieces))
        expect(divided.finals).toEqual(whole.finals)
        expect(encodeCheckpoint(divided.state)).toEqual(encodeCheckpoint(whole.state))
      }),
      { numRuns: 40 },
    )
  })

  it('goes on from a checkpoint as if it had never stopped, bit for bit', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 150 }), (seed, at) => {
        const steps = randomSteps(seed, 150, 0.02)
        const before = decodeIn(head, [steps.slice(0, at)])
        const restored = decodeCheckpoint(encodeCheckpoint(before.state), head)
        expect(restored).toEqual(before.state)
        const after = decodeIn(head, [steps.slice(at)], restored)
        const whole = decodeIn(head, [steps])
        expect([...before.finals, ...after.finals]).toEqual(whole.finals)
        expect(encodeCheckpoint(after.state)).toEqual(encodeCheckpoint(whole.state))
      }),
      { numRuns: 40 },
    )
  })

  it('leaves the state it was given as it was', () => {
    const { state } = decodeIn(head, [randomSteps(3, 60)])
    const before = encodeCheckpoint(state)
    const first = advance(head, state, randomSteps(4, 30))
    expect(encodeCheckpoint(state)).toEqual(before)
    expect(advance(head, state, randomSteps(4, 30))).toEqual(first)
  })

  it('reports finals in order, without overlap, never of the background', () => {
    fc.assert(
      fc.property(seeds, seed => {
        const { finals } = decodeIn(head, split(randomSteps(seed, 200, 0.01), Array<number>(20).fill(10)))
        for (const [index, { startStep, endStep, classIndex, step, confidence }] of finals.entries()) {
          expect(startStep).toBeGreaterThanOrEqual(finals[index - 1]?.endStep ?? 100)
          expect(endStep).toBeGreaterThan(startStep)
          expect(classIndex).toBeGreaterThan(0)
          expect(step).toBe(head.classes[classIndex])
          expect(confidence).toBeGreaterThanOrEqual(0)
          expect(confidence).toBeLessThanOrEqual(1)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('decides every step after the stated lag, and neither sooner nor later', () => {
    const { lookAheadSteps, lagSteps } = head
    let state = openDecoder(head, 100)
    for (const step of randomSteps(5, 60)) {
      const result = advance(head, state, [step])
      state = result.state
      const seen = state.ahead.seenThrough
      expect(result.decidedThrough).toBe(Math.max(100, seen - lookAheadSteps - lagSteps))
    }
  })

  it('shows as provisional what would be final if the video ended, from the first step on', () => {
    const steps = randomSteps(6, 80)
    let state = openDecoder(head, 100)
    for (const step of steps) {
      const result = advance(head, state, [step])
      state = result.state
      expect(result.provisionals).toEqual(flush(head, state).finals)
      const last = result.provisionals.at(-1)
      if (last?.censoredEnd) expect(last.endStep).toBe(state.ahead.seenThrough)
    }
  })

  it('keeps the start of an open interval that it has decided', () => {
    const steps = randomSteps(8, 200)
    const decided = new Set<number>()
    let state = openDecoder(head, 100)
    const finals: Interval[] = []
    for (const step of steps) {
      const result = advance(head, state, [step])
      state = result.state
      finals.push(...result.finals)
      for (const { startStep } of result.provisionals) if (startStep < result.decidedThrough) decided.add(startStep)
    }
    finals.push(...flush(head, state).finals)
    for (const start of decided) expect(finals.map(interval => interval.startStep)).toContain(start)
  })

  it('adds the log scores of the views that are present', () => {
    const both = randomSteps(9, 60).map(step => step.kind === 'observed' && Object.keys(step.views).length)
    expect(new Set(both)).toEqual(new Set([1, 2]))
    const front = { kind: 'observed', views: { front: Float32Array.of(1, 1) } } as const
    const pair = { kind: 'observed', views: { front: Float32Array.of(1, 1), side: Float32Array.of(-1, 1) } } as const
    const [one] = advance(head, openDecoder(head, 0), [front, front, front]).state.evidence
    const [two] = advance(head, openDecoder(head, 0), [pair, pair, pair]).state.evidence
    expect(one).not.toEqual(two)
  })

  it.each([
    ['view_missing', {}],
    ['view_unknown', { back: Float32Array.of(1, 1) }],
    ['view_unknown', { front: Float32Array.of(1, 1), toString: Float32Array.of(1, 1) }],
    ['dimension_mismatch', { front: Float32Array.of(1, 1, 1) }],
    ['non_finite_features', { front: Float32Array.of(1, Number.NaN) }],
    ['non_finite_features', { front: Float32Array.of(Number.POSITIVE_INFINITY, 1) }],
    ['non_finite_features', { front: Float32Array.of(1, -1e30) }],
  ])('refuses a step with %s', (code, views) => {
    const step: TimeStep = { kind: 'observed', views }
    expect(() => advance(head, openDecoder(head, 0), [step])).toThrow(expect.objectContaining({ code }))
  })

  it('refuses the state of another head', () => {
    const code = 'checkpoint_of_other_head'
    expect(() => advance(tinyHead(2), openDecoder(head, 0), [])).toThrow(expect.objectContaining({ code }))
  })
})
