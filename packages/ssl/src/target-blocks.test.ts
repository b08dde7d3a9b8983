import { random } from '@takt/nn'
import { describe, expect, test } from 'vitest'
import { separateTargets, type TargetMasks, unitedTargets } from './target-blocks.ts'

const frame = { side: 8, times: 3 }
const aspect = [0.75, 1.5] as const
const kinds: readonly (readonly [string, TargetMasks])[] = [
  ['separate', separateTargets({ count: 4, area: 0.175, aspect }, frame)],
  ['short-range', unitedTargets({ count: 8, area: 0.15, aspect }, frame)],
  ['long-range', unitedTargets({ count: 2, area: 0.7, aspect }, frame)],
]

describe.each(kinds)('%s targets', (_, masks) => {
  const drawn = Array.from({ length: 100 }, (_, seed) => masks.draw(random(seed, 'mask')))

  test('are of the sizes that are announced, each token once, and none is seen', () => {
    for (const { visible, targets } of drawn) {
      expect(new Set(visible).size).toBe(masks.visible)
      expect(targets).toHaveLength(masks.targets)
      for (const target of targets) {
        expect(new Set(target).size).toBe(masks.hidden)
        expect(target.filter(token => visible.includes(token))).toEqual([])
      }
    }
  })

  test('a place is hidden, or seen, at all times', () => {
    for (const { visible, targets } of drawn) {
      for (const tokens of [visible, ...targets]) {
        const first = tokens.slice(0, tokens.length / 3)
        for (const place of first) expect(place).toBeLessThan(64)
        expect(tokens).toEqual([0, 1, 2].flatMap(time => first.map(place => 64 * time + place)))
      }
    }
  })

  test('the draw decides', () => {
    expect(masks.draw(random(1, 'mask'))).toEqual(drawn[1])
    expect(new Set(drawn.map(mask => mask.visible.join())).size).toBeGreaterThan(10)
  })
})

test('shares are those of the papers: targets of 17 %, and three and nine tenths hidden', () => {
  expect(kinds.map(([, { visible, hidden }]) => [visible / 3, hidden / 3])).toEqual([
    [64 - 4 * 11, 11],
    [64 - 46, 46],
    [64 - 58, 58],
  ])
})

test('targets that leave nothing to see, or are nothing, are refused', () => {
  expect(() => separateTargets({ count: 4, area: 0.25, aspect }, frame)).toThrow('a mask over 1 of 64 places')
  expect(() => unitedTargets({ count: 1, area: 1, aspect }, frame)).toThrow('a mask over 1 of 64 places')
  expect(() => unitedTargets({ count: 1, area: 0.001, aspect }, frame)).toThrow('of 64 places')
})
