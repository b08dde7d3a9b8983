import { describe, expect, it } from 'vitest'
import { labelledStretches } from './labelled-runs.ts'
import { learnTransitions } from './transitions.ts'

const stretches = labelledStretches(Int16Array.from([0, 1, 1, 2, 2, 0, 1, 2, 2, 3, -1, 3, 1]))

function row(next: Float32Array, from: number): number[] {
  return [...next.subarray(from * 4, from * 4 + 4)]
}

describe('learnTransitions', () => {
  it('follows what it saw, allows what it did not, and never a step after itself', () => {
    const { next } = learnTransitions(stretches, 4)
    // 1 → 2 was seen twice: (2 + ½ · ⅓) / 2.5, and each of the others ½ · ⅓ / 2.5.
    expect(row(next, 1)).toEqual([1 / 15, 0, 13 / 15, 1 / 15].map(p => expect.closeTo(p, 6)))
  })

  it('does not see a transition across an unknown stretch', () => {
    const { next } = learnTransitions(stretches, 4)
    // 3 → 1 was seen once; the first 3 leads into the unknown.
    expect(row(next, 3)).toEqual([1 / 9, 7 / 9, 1 / 9, 0].map(p => expect.closeTo(p, 6)))
  })

  it('expects the next step of a prescribed order, or a pause, where nothing was seen', () => {
    const { next } = learnTransitions([], 4, [1, 2, 3])
    expect(row(next, 3)).toEqual([0.3 + 0.1 / 3, 0.6 + 0.1 / 3, 0.1 / 3, 0].map(p => expect.closeTo(p, 6)))
  })

  it('starts in a class with the chance of its share of time', () => {
    const { initial } = learnTransitions(stretches, 4)
    expect([...initial]).toEqual([3 / 16, 5 / 16, 5 / 16, 3 / 16].map(p => expect.closeTo(p, 6)))
  })
})
