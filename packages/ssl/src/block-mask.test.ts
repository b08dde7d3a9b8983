import { random } from '@takt/nn'
import { expect, test } from 'vitest'
import { blockMask } from './block-mask.ts'

test('exactly so many places are hidden, each once, ascending, whatever is drawn', () => {
  for (const side of [1, 4, 7]) {
    for (let hidden = 0; hidden <= side ** 2; hidden++) {
      const places = blockMask({ side, hidden }, random(hidden, 'mask'))
      expect(new Set(places).size).toBe(hidden)
      expect(places).toEqual(places.toSorted((a, b) => a - b))
      for (const place of places) expect(place).toBeLessThan(side ** 2)
    }
  }
})

test('hidden places lie together more than single ones would', () => {
  const side = 8
  const neighbours = (places: readonly number[]) => {
    const hidden = new Set(places)
    return places.filter(place => place % side !== side - 1 && hidden.has(place + 1)).length
  }
  const masks = Array.from({ length: 50 }, (_, seed) => blockMask({ side, hidden: 16 }, random(seed, 'mask')))
  // Of single places a quarter would have a neighbour: 16 · 7/8 · 15/63 ≈ 3.3.
  expect(masks.reduce((sum, mask) => sum + neighbours(mask), 0) / masks.length).toBeGreaterThan(7)
})
