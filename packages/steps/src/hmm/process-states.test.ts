import { describe, expect, it } from 'vitest'
import { freshLaw } from '../duration-law.ts'
import { labelledStretches } from '../labelled-runs.ts'
import { evidenceOfStates, learnProcess, processModel } from './process-model.ts'
import { type ProcessStates, processStates } from './process-states.ts'
import { processTransitions } from './process-transitions.ts'
import type { ProcessTree } from './process-tree.ts'
import { semiMarkovPath } from './semi-markov-path.ts'

const step = (classIndex: number): ProcessTree => ({ kind: 'step', classIndex })
const sequence = (...parts: ProcessTree[]): ProcessTree => ({ kind: 'sequence', parts })
const optional = (part: ProcessTree, chance = 0.75): ProcessTree => ({ kind: 'optional', part, chance })
const anyOrder = (...parts: ProcessTree[]): ProcessTree => ({ kind: 'anyOrder', parts })
const repeat = (part: ProcessTree, again = 0.25): ProcessTree => ({ kind: 'repeat', part, again })

/** Every way through the states of at most `most` steps, as its classes, with its chance. */
function ways(states: ProcessStates, most = 4): Readonly<Record<string, number>> {
  const count = states.classOf.length
  const found: Record<string, number> = {}
  const go = (state: number, path: string, chance: number): void => {
    if (chance === 0 || path.length > most) return
    const over = chance * states.final[state]!
    if (over > 0) found[path] = (found[path] ?? 0) + over
    for (let to = 0; to < count; to++) go(to, path + states.classOf[to], chance * states.next[state * count + to]!)
  }
  for (let state = 0; state < count; state++) go(state, String(states.classOf[state]), states.initial[state]!)
  return Object.fromEntries(Object.entries(found).map(([path, chance]) => [path, Number(chance.toFixed(9))]))
}

describe('the states of a process', () => {
  it('go through a sequence', () => {
    expect(ways(processStates(sequence(step(1), step(2), step(3))))).toEqual({ 123: 1 })
  })

  it('leave an optional step out, at either end too', () => {
    const tree = sequence(optional(step(1)), step(2), optional(step(3)))
    expect(ways(processStates(tree))).toEqual({ 2: 0.0625, 12: 0.1875, 23: 0.1875, 123: 0.5625 })
  })

  it('take each part of a group once, in any order', () => {
    const sixth = Number((1 / 6).toFixed(9))
    const orders = { 123: sixth, 132: sixth, 213: sixth, 231: sixth, 312: sixth, 321: sixth }
    expect(ways(processStates(anyOrder(step(1), step(2), step(3))))).toEqual(orders)
  })

  it('keep what is inside a part of a group together, and pass over what is left out', () => {
    const tree = anyOrder(sequence(step(1), step(2)), optional(step(3), 0.5))
    expect(ways(processStates(tree))).toEqual({ 12: 0.5, 123: 0.25, 312: 0.25 })
  })

  it('repeat a part, of which a turn may be empty', () => {
    expect(ways(processStates(sequence(repeat(step(1)), step(2))), 3)).toEqual({ 12: 0.75, 112: 0.1875 })
    const maybe = ways(processStates(sequence(step(2), repeat(optional(step(1), 0.5), 0.5))), 3)
    // A turn with the step comes at all with ½ / (1 − ½ · ½) = ⅔, and after one, with ½ of that.
    expect(maybe['2']).toBeCloseTo(1 / 3, 8)
    expect(maybe['21']).toBeCloseTo((2 / 3) * (2 / 3), 8)
    expect(maybe['211']).toBeCloseTo((2 / 3) * (1 / 3) * (2 / 3), 8)
  })

  it.each([
    [sequence(), 'without any step'],
    [optional(step(1)), 'without any step'],
    [step(-1), '-1 is no class'],
    [repeat(step(1), 1), 'a chance of 1 is not in [0, 1)'],
    [sequence(step(1), optional(step(2), Number.NaN)), 'a chance of NaN'],
    [anyOrder(...Array.from({ length: 8 }, (_, k) => step(k))), 'more than 512 states'],
    [anyOrder(...Array.from({ length: 40 }, (_, k) => step(k))), '40 parts in any order'],
  ])('refuse %j by name', (tree, message) => {
    expect(() => processStates(tree)).toThrow(message)
  })
})

describe('a process by class', () => {
  it('has the share of each successor, from its end to its beginning', () => {
    const rows = processTransitions(processStates(sequence(step(1), optional(step(2)), step(3))), 4)
    expect([...rows.subarray(4, 8)]).toEqual([0, 0, 0.75, 0.25])
    expect([...rows.subarray(12, 16)]).toEqual([0, 1, 0, 0])
    expect([...rows.subarray(0, 4)]).toEqual([0, 0, 0, 0])
  })

  it('knows of a group that each part follows each other, and leaves from any', () => {
    const rows = processTransitions(processStates(sequence(anyOrder(step(0), step(1), step(2)), step(3))), 4)
    const third = expect.closeTo(1 / 3, 8)
    expect([...rows.subarray(0, 4)]).toEqual([0, third, third, third])
  })
})

describe('a process learnt from labels', () => {
  const runs = (labels: readonly number[]) => labelledStretches(Int16Array.from(labels))[0]!

  it('leaves a step out as often as the labels do', () => {
    const states = processStates(sequence(step(1), optional(step(2), 0.5), step(3)))
    const learnt = learnProcess(states, [runs([1, 1, 3]), runs([1, 3]), runs([1, 2, 3]), runs([1, 3, 3])])
    // 3 of 4 leave it out, and 1 of the 2 that the tree counts for: 4 of 6.
    expect(ways(learnt)[13]).toBeCloseTo(4 / 6, 8)
  })

  it('aligns what deviates, and forbids it all the same', () => {
    const states = processStates(sequence(step(1), step(2), step(3)))
    expect(ways(learnProcess(states, [runs([1, 3, 2]), runs([0, 1, 2, 3])]))).toEqual({ 123: 1 })
  })
})

it('decodes a group in any order without doing a part twice, cycle after cycle', () => {
  const states = processStates(sequence(step(0), anyOrder(step(1), step(2))))
  const law = freshLaw({ maxSteps: 20, hazards: new Float32Array(60).fill(0.2) })
  const model = processModel(states, { first: law, fresh: law, last: 'cut' })
  // Class 1, then weak evidence that speaks for 1 again where only 2 is left; then a second cycle in the other order.
  const shown = [0, 0, 1, 1, 2, 1, 2, 0, 0, 2, 2, 1, 1]
  const logEvidence = Float64Array.from(shown.flatMap(k => [0, 1, 2].map(j => (j === k ? 0 : -2))))
  const path = semiMarkovPath(model, evidenceOfStates(states, logEvidence, 3))
  expect(path.map(({ classIndex, start }) => [states.classOf[classIndex], start])).toEqual([
    [0, 0],
    [1, 2],
    [2, 4],
    [0, 7],
    [2, 9],
    [1, 11],
  ])
})
