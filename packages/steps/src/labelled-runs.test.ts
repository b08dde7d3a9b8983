import { expect, it } from 'vitest'
import { labelledStretches } from './labelled-runs.ts'

it('divides labels into stretches between unknown steps, and marks the runs an edge may have cut', () => {
  const stretches = labelledStretches(Int16Array.from([-1, 0, 0, 1, 2, -1, -1, 2]))
  expect(stretches).toEqual([
    [
      { classIndex: 0, start: 1, end: 3, cutStart: true, cutEnd: false },
      { classIndex: 1, start: 3, end: 4, cutStart: false, cutEnd: false },
      { classIndex: 2, start: 4, end: 5, cutStart: false, cutEnd: true },
    ],
    [{ classIndex: 2, start: 7, end: 8, cutStart: true, cutEnd: true }],
  ])
})

it('finds nothing where nothing is known', () => {
  expect(labelledStretches(Int16Array.from([-1, -1]))).toEqual([])
  expect(labelledStretches(new Int16Array(0))).toEqual([])
})
