import { expect, test } from 'vitest'
import { reorderWork } from './reorder-work.ts'

/** Cycles of a, b and c of one second each: 8 frames. */
const truth = Array.from({ length: 9 }, (_, i) => ({
  step: 'abc'[i % 3]!,
  startSeconds: i,
  endSeconds: i + 0.5,
  cycle: Math.floor(i / 3),
}))
const shown = (order: readonly string[], fromFrame = 0) =>
  [...reorderWork(truth, { fromFrame, frameCount: 48 }, order)].filter((_, i) => i % 8 === 0).map(frame => frame / 8)

test('steps are shown in the order that is asked for, each with the rest behind it', () => {
  expect(shown(['c', 'b', 'a'])).toEqual([2, 1, 0, 5, 4, 3])
})

test('steps that are left out make room for the others over and over', () => {
  expect(shown(['a'])).toEqual([0, 3, 0, 3, 0, 3])
})

test('a stretch in the middle of a film knows only its own frames', () => {
  expect(shown(['b', 'a', 'c'], 24)).toEqual([1, 0, 2, 4, 3, 5])
})
