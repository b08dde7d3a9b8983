import type { TimeStep } from '@takt/steps'
import { expect, test } from 'vitest'
import { watchedVectors } from './watched-vectors.ts'

const seen = (views: Record<string, readonly number[]>): TimeStep => ({
  kind: 'observed',
  views: Object.fromEntries(Object.entries(views).map(([view, values]) => [view, Float32Array.from(values)])),
})
const gone: TimeStep = { kind: 'missing' }

test('views stand side by side in the order of their names, whatever order they come in', () => {
  const { vectors } = watchedVectors([seen({ b: [2], a: [1] }), seen({ a: [3], b: [4] })])
  expect(vectors.map(vector => [...vector])).toEqual([
    [1, 2],
    [3, 4],
  ])
})

test('what is missing shows what was there before it, and is said to be missing', () => {
  const { vectors, missing } = watchedVectors([gone, seen({ a: [1] }), gone, seen({ a: [2] })])
  expect(vectors.map(vector => [...vector])).toEqual([[1], [1], [1], [2]])
  expect(missing).toEqual([true, false, true, false])
})

test('a view that is seldom there is left out, and one that is usually there is waited for', () => {
  const usual = Array.from({ length: 19 }, () => seen({ a: [1] }))
  expect(watchedVectors([...usual, seen({ a: [1], b: [2] })]).vectors.every(vector => vector.length === 1)).toBe(true)
  expect(watchedVectors([...usual, seen({ b: [2] })]).missing.at(-1)).toBe(true)
})

test('of nothing observed there is no vector', () => {
  expect(watchedVectors([gone, gone])).toEqual({ vectors: [], missing: [true, true] })
  expect(watchedVectors([])).toEqual({ vectors: [], missing: [] })
})
