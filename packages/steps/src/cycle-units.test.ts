import { describe, expect, it } from 'vitest'
import { cycleSteps, cycleUnits } from './cycle-units.ts'
import { assignFolds, maskFold } from './folds.ts'
import { labelledStretches } from './labelled-runs.ts'
import type { TrainingSequence } from './training-sequence.ts'

function sequence(labels: readonly number[]): TrainingSequence {
  return { labels: Int16Array.from(labels), steps: labels.map(() => ({ kind: 'missing' })) }
}

const three = sequence([0, 1, 1, 2, 0, 1, 2, 2, 1, 2, 0])

describe('cycleUnits', () => {
  it('begins a cycle where the first step begins again', () => {
    expect(cycleUnits([three])).toEqual([
      { sequence: 0, start: 0, end: 5 },
      { sequence: 0, start: 5, end: 8 },
      { sequence: 0, start: 8, end: 11 },
    ])
  })

  it('takes a labelled range without a first step as one unit', () => {
    expect(cycleUnits([three, sequence([-1, 2, 2, 0, -1])]).at(-1)).toEqual({ sequence: 1, start: 1, end: 4 })
  })
})

describe('cycleSteps', () => {
  it('is the median time from one start of a step to its next', () => {
    expect(cycleSteps(labelledStretches(three.labels))).toBe(3)
  })

  it('is the longest labelled range where nothing repeats', () => {
    expect(cycleSteps(labelledStretches(Int16Array.from([0, 1, 1, 2, 2, -1, 1])))).toBe(5)
  })
})

describe('folds', () => {
  const foldsOf = (...sequences: readonly TrainingSequence[]) => assignFolds(sequences, cycleUnits(sequences))

  it('are none for a single cycle', () => {
    expect(foldsOf(sequence([0, 1, 2, 0])).foldCount).toBe(0)
  })

  it('are none where most steps occur in one cycle only', () => {
    expect(foldsOf(sequence([1, 2, 3, 1])).foldCount).toBe(0)
    expect(foldsOf(sequence([1, 2, 3, 1, 2])).foldCount).toBe(2)
  })

  it('hold out one cycle each, and make its labels unknown', () => {
    const folds = foldsOf(three)
    expect(folds.foldCount).toBe(3)
    expect([...maskFold([three], folds, 1)[0]!.labels]).toEqual([0, 1, 1, 2, 0, -1, -1, -1, 1, 2, 0])
  })

  it('share out more cycles than five', () => {
    const folds = foldsOf(sequence(Array.from({ length: 24 }, (_, i) => 1 + (i % 2))))
    expect(folds.units.length).toBe(12)
    expect(folds.foldCount).toBe(5)
  })
})
