import type { ReadSlot } from '@takt/timeline'
import { expect, test } from 'vitest'
import { gapsOf } from './slot-gaps.ts'

const slots = (pattern: string): ReadSlot[] =>
  [...pattern].map((seen, slot) =>
    seen === '.'
      ? { position: { slot, missing: true }, step: { kind: 'missing' }, absoluteErrorMs: 0 }
      : { position: { slot, views: [] }, step: { kind: 'observed', views: {} }, absoluteErrorMs: 0 },
  )

test.each([
  ['###', []],
  ['', []],
  ['..#', [[0, 2]]],
  [
    '#..#.#',
    [
      [1, 3],
      [4, 5],
    ],
  ],
])('the gaps of %s', (pattern, gaps) => {
  expect(gapsOf(slots(pattern)).map(({ startSlot, endSlot }) => [startSlot, endSlot])).toEqual(gaps)
})
