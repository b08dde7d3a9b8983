import { expect, it } from 'vitest'
import { halfRunFolds } from './half-run-folds.ts'

it('parts every labelled run in the middle', () => {
  const labels = Int16Array.from([-1, 0, 0, 0, 0, 1, 1, -1])
  const { foldCount, foldOf } = halfRunFolds([{ labels, steps: [] }])
  expect(foldCount).toBe(2)
  expect(Array.from(labels, (_, step) => foldOf({ sequence: 0, step }))).toEqual([-1, 0, 0, 1, 1, 0, 1, -1])
})

it('never leaves out a sequence it was not given', () => {
  expect(halfRunFolds([]).foldOf({ sequence: 3, step: 0 })).toBe(-1)
})
