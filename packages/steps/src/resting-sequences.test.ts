import { describe, expect, it } from 'vitest'
import { assignFolds } from './folds.ts'
import { foldsWithResting, restingSequences } from './resting-sequences.ts'
import type { TrainingSequence } from './training-sequence.ts'

const labels = Int16Array.from([...Array<number>(10).fill(0), 1, 1, 2, ...Array<number>(8).fill(0), 1, 2, 0, 1, 2])
const sequence: TrainingSequence = {
  labels,
  steps: Array.from(labels, (_, step) => ({ kind: 'observed', views: { front: Float32Array.of(step) } })),
}
const units = [
  { sequence: 0, start: 0, end: 21 },
  { sequence: 0, start: 21, end: 24 },
  { sequence: 0, start: 24, end: 26 },
]

describe('restingSequences', () => {
  const [resting, ...others] = restingSequences([sequence], units, 12)

  it('repeat the background of a cycle until work is forgotten, and label the last round', () => {
    // 18 background steps; three half-lives of 12 take two rounds, and a third carries the labels.
    expect(resting!.sequence.steps.length).toBe(3 * 18)
    expect([...resting!.sequence.labels]).toEqual([...Array<number>(36).fill(-1), ...Array<number>(18).fill(0)])
    expect(resting!.sequence.steps.slice(36, 46)).toEqual(sequence.steps.slice(0, 10))
  })

  it('are not made of a handful of steps', () => {
    expect(others).toEqual([])
  })

  it('are left out with their cycle', () => {
    const folds = assignFolds([sequence], units)
    const { foldOf } = foldsWithResting(folds, 1, [resting!])
    expect(foldOf({ sequence: 1, step: 40 })).toBe(folds.foldOf({ sequence: 0, step: 0 }))
    expect(foldOf({ sequence: 0, step: 22 })).toBe(1)
  })
})
