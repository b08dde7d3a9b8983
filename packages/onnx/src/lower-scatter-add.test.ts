import { input, scatterAdd, traceGraph } from '@takt/graph'
import { expect, test } from 'vitest'
import { lowerGraph } from './emit-model.ts'

const operators = (distinct: boolean) => {
  const updates = input('updates', { dtype: 'float32', shape: [2, 2, 3] })
  const indices = input('indices', { dtype: 'int64', shape: [2, 2] })
  const y = scatterAdd(updates, indices, { size: 5, distinct })
  return lowerGraph(traceGraph({ y }), {}).nodes.map(({ type }) => type)
}

test('indices that may occur twice are added up in order, not by threads that could lose one', () => {
  expect(operators(false)).toEqual(['Expand', 'Reshape', 'Reshape', 'Expand', 'ScatterElements'])
})

test('indices that are distinct are added row by row', () => {
  expect(operators(true)).toEqual(['Expand', 'Reshape', 'Reshape', 'ScatterND'])
})
