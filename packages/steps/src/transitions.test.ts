import { describe, expect, it } from 'vitest'
import type { ProcessTree } from './hmm/process-tree.ts'
import { labelledStretches } from './labelled-runs.ts'
import { learnTransitions, processInOrder } from './transitions.ts'

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
    const { next } = learnTransitions([], 4, processInOrder([1, 2, 3]))
    expect(row(next, 3)).toEqual([0.3 + 0.1 / 3, 0.6 + 0.1 / 3, 0.1 / 3, 0].map(p => expect.closeTo(p, 6)))
  })

  const step = (classIndex: number): ProcessTree => ({ kind: 'step', classIndex })

  it('leaves out an optional step as often as the process says', () => {
    const parts: ProcessTree[] = [step(1), { kind: 'optional', part: step(2), chance: 0.25 }, step(3)]
    const { next } = learnTransitions([], 4, { kind: 'sequence', parts })
    expect(row(next, 1)).toEqual([0.3 + 0.1 / 3, 0, 0.15 + 0.1 / 3, 0.45 + 0.1 / 3].map(p => expect.closeTo(p, 6)))
  })

  it('takes a group in any order, and labels against it after a cycle or two', () => {
    const parts: ProcessTree[] = [step(1), { kind: 'anyOrder', parts: [step(2), step(3)] }]
    const process: ProcessTree = { kind: 'sequence', parts }
    const prior = learnTransitions([], 4, process).next
    expect(row(prior, 1)).toEqual([0.3 + 0.1 / 3, 0, 0.3 + 0.1 / 3, 0.3 + 0.1 / 3].map(p => expect.closeTo(p, 6)))
    expect(row(prior, 2)).toEqual([0.3 + 0.1 / 3, 0.3 + 0.1 / 3, 0, 0.3 + 0.1 / 3].map(p => expect.closeTo(p, 6)))
    const always = labelledStretches(Int16Array.from([1, 2, 3, 1, 2, 3, 1, 2, 3]))
    expect(row(learnTransitions(always, 4, process).next, 1)[2]).toBeGreaterThan(0.85)
  })

  it('goes back to what is repeated', () => {
    const twice: ProcessTree = { kind: 'repeat', part: { kind: 'sequence', parts: [step(2), step(3)] }, again: 0.5 }
    const { next } = learnTransitions([], 4, { kind: 'sequence', parts: [step(1), twice] })
    expect(row(next, 3)).toEqual([0.3 + 0.1 / 3, 0.3 + 0.1 / 3, 0.3 + 0.1 / 3, 0].map(p => expect.closeTo(p, 6)))
  })

  it.each([
    ['a class beyond the head', processInOrder([1, 4])],
    ['the background as a step', processInOrder([0, 1])],
    ['a process without a step', processInOrder([])],
  ])('refuses %s', (_, process) => {
    expect(() => learnTransitions([], 4, process)).toThrow(expect.objectContaining({ code: 'process_malformed' }))
  })

  it('starts in a class with the chance of its share of time', () => {
    const { initial } = learnTransitions(stretches, 4)
    expect([...initial]).toEqual([3 / 16, 5 / 16, 5 / 16, 3 / 16].map(p => expect.closeTo(p, 6)))
  })
})
