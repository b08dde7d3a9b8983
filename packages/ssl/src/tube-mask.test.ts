import { expect, test } from 'vitest'
import { tubeMask } from './tube-mask.ts'

const tubes = { times: 8, places: 64, ratio: 0.9 }
const mask = (stream: string, seed = 1) => tubeMask(tubes, { seed, stream })

test('a place that is hidden is hidden at all times', () => {
  const { visible, hidden } = mask('a')
  for (const tokens of [visible, hidden]) {
    const first = tokens.slice(0, tokens.length / 8)
    for (const place of first) expect(place).toBeLessThan(64)
    expect(tokens).toEqual(Array.from({ length: 8 }, (_, time) => first.map(place => 64 * time + place)).flat())
  }
})

test('every token is either seen or hidden, and the ratio is exact to whole places', () => {
  for (const ratio of [0.25, 0.5, 0.75, 0.9]) {
    const { visible, hidden } = tubeMask({ ...tubes, ratio }, { seed: 1, stream: 'a' })
    expect(hidden).toHaveLength(8 * Math.floor(64 * ratio))
    expect([...visible, ...hidden].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 8 * 64 }, (_, i) => i))
  }
})

test('seed and stream decide, and each other seed or stream gives another mask', () => {
  expect(mask('a')).toEqual(mask('a'))
  const masks = [mask('a'), mask('b'), mask('a', 2)].map(({ hidden }) => hidden.join())
  expect(new Set(masks).size).toBe(3)
})

test('no place is favoured', () => {
  const seen = new Array<number>(64).fill(0)
  for (let i = 0; i < 6400; i++) for (const token of mask(`${i}`).visible) if (token < 64) seen[token]! += 1
  // 7 of 64 in 6400 masks: 700 ± 25 a place.
  for (const count of seen) expect(Math.abs(count - 700)).toBeLessThan(100)
})

test.each([0, 0.01, 1, 1.5, -0.9, Number.NaN])(
  'a ratio of %d, which hides nothing or leaves nothing, is refused',
  ratio => {
    expect(() => tubeMask({ ...tubes, ratio }, { seed: 1, stream: 'a' })).toThrow(
      `a mask over ${ratio} of 64 places does not leave some visible and some hidden`,
    )
  },
)
