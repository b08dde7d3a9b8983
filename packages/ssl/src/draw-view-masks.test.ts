import { plantEncoderSpec } from '@takt/nn'
import { expect, test } from 'vitest'
import { drawViewMasks } from './draw-view-masks.ts'

const spec = { ...plantEncoderSpec, frames: 4 }
const [times, places, most] = [2, 64, 32]
const masks = { chance: 0.5, ratio: [0.1, 0.5] } as const
const draws = drawViewMasks(masks, [spec, spec], { batch: 20, seed: 1 })

/** What each clip of a view is fed. */
function clips(step: number, view: number) {
  const drawn = draws.at(step)
  const rows = (name: string, size: number) =>
    Array.from({ length: 20 }, (_, clip) => drawn[`view${view}.${name}`]!.slice(clip * size, (clip + 1) * size))
  const [masked, hidden, weights] = [
    rows('masked', times * places),
    rows('hidden', times * most),
    rows('weights', times * most),
  ]
  return masked.map((each, clip) => ({ masked: each, hidden: hidden[clip]!, weights: weights[clip]! }))
}

test('what is hidden is hidden at all times, has all the weight, and all of a view is told apart', () => {
  for (const { masked, hidden, weights } of [...clips(1, 0), ...clips(1, 1)]) {
    expect(masked.slice(0, places)).toEqual(masked.slice(places))
    expect(new Set(hidden).size).toBe(times * most)
    const weighed = hidden.filter((_, i) => weights[i]! > 0)
    expect(weighed.toSorted((a, b) => a - b)).toEqual(masked.flatMap((is, token) => (is === 1 ? [token] : [])))
    const sum = weights.reduce((a, b) => a + b)
    expect(sum).toBeCloseTo(weighed.length > 0 ? 1 : 0)
  }
})

test('about as many clips are masked as the chance says, by a share within the ratio', () => {
  const counts = Array.from({ length: 10 }, (_, step) => clips(step, 0))
    .flat()
    .map(({ masked }) => masked.reduce((a, b) => a + b) / (times * places))
  const some = counts.filter(share => share > 0)
  expect(some.length / counts.length).toBeCloseTo(0.5, 1)
  for (const share of some) {
    expect(share).toBeGreaterThan(0.09)
    expect(share).toBeLessThanOrEqual(0.5)
  }
})

test('a ratio that hides nothing or all is refused', () => {
  const ask = (ratio: readonly [number, number]) => () =>
    drawViewMasks({ ...masks, ratio }, [spec], { batch: 1, seed: 1 })
  expect(ask([0, 0.01])).toThrow('a mask over 0.01 of 64 places does not leave some visible and some hidden')
  expect(ask([0.5, 1])).toThrow('a mask over 1 of 64 places does not leave some visible and some hidden')
})
