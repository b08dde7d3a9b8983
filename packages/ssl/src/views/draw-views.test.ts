import { plantEncoderSpec } from '@takt/nn'
import { describe, expect, test } from 'vitest'
import type { ViewsPlan } from './augmentation.ts'
import { drawViews } from './draw-views.ts'
import { paperViews } from './paper-views.ts'
import { plantViews } from './plant-views.ts'
import { viewSpec } from './view-spec.ts'

const drawing = { spec: plantEncoderSpec, batch: 64, seed: 3 }
const drawn = (plan: ViewsPlan, step = 1, seed = 3) => drawViews(plan, { ...drawing, seed }).at(step)

/** Half sizes and centres of all clips' crops. */
function boxes(drawn: Readonly<Record<string, readonly number[]>>, view = 0) {
  const pairs = (numbers: readonly number[]) =>
    Array.from({ length: numbers.length / 2 }, (_, clip) => numbers.slice(2 * clip, 2 * clip + 2) as [number, number])
  const rows = pairs(drawn[`view${view}.rows`]!)
  return pairs(drawn[`view${view}.columns`]!).map(([across, x], clip) => {
    const [down, y] = rows[clip]!
    return { across, down, x, y }
  })
}

describe.each<[string, ViewsPlan]>([...Object.entries(paperViews), ['plant', plantViews]])('%s', (_, plan) => {
  test('seed and step decide, and each other seed, step or view gives others', () => {
    expect(drawn(plan)).toEqual(drawn(plan))
    const crops = [drawn(plan), drawn(plan, 2), drawn(plan, 1, 4)].flatMap(each => [
      each['view0.columns']!.join(),
      each['view1.columns']!.join(),
    ])
    expect(new Set(crops).size).toBe(6)
  })

  test('every crop lies within its frame', () => {
    for (const { across, down, x, y } of boxes(drawn(plan))) {
      expect(Math.abs(x) + Math.abs(across)).toBeLessThanOrEqual(1 + 1e-9)
      expect(Math.abs(y) + down).toBeLessThanOrEqual(1 + 1e-9)
    }
  })

  test('all clips of a view begin at one time step, and views begin at all there are', () => {
    const steps = Array.from({ length: 40 }, (_, step) => drawn(plan, step))
    const starts = steps.flatMap(each => each['view0.firstTime']!)
    expect(starts).toHaveLength(40)
    expect(new Set(starts)).toEqual(new Set([0, 1, 2, 3, 4]))
    expect(steps.some(each => each['view0.firstTime']![0] !== each['view1.firstTime']![0])).toBe(true)
  })
})

test('areas and aspects are those asked for', () => {
  for (const { across, down } of boxes(drawn(paperViews.simSiam))) {
    expect(Math.abs(across) * down).toBeGreaterThanOrEqual(0.2)
    expect(Math.abs(across) / down).toBeGreaterThanOrEqual(3 / 4 - 1e-9)
    expect(Math.abs(across) / down).toBeLessThanOrEqual(4 / 3 + 1e-9)
  }
})

test("a plant's views are never mirrored and show nearly the same places", () => {
  const [first, second] = [boxes(drawn(plantViews)), boxes(drawn(plantViews), 1)]
  for (const [i, { across, x }] of first.entries()) {
    expect(across).toBeGreaterThan(0)
    expect(Math.abs(x - second[i]!.x)).toBeLessThan(0.11)
  }
})

test('half of the views of a paper are mirrored, a fifth is grey, and what never changes is not fed', () => {
  const all = Array.from({ length: 20 }, (_, step) => drawn(paperViews.byol, step))
  const share = (numbers: readonly number[], is: (number: number) => boolean) =>
    numbers.filter(is).length / numbers.length
  const across = all.flatMap(each => boxes(each).map(box => box.across))
  expect(share(across, number => number < 0)).toBeCloseTo(0.5, 1)
  expect(
    share(
      all.flatMap(each => each['view0.saturation']!),
      number => number === 0,
    ),
  ).toBeCloseTo(0.2, 1)
  expect(
    share(
      all.flatMap(each => each['view1.solarise']!),
      number => number === 1,
    ),
  ).toBeCloseTo(0.2, 1)
  expect(all[0]).not.toHaveProperty(['view0.solarise'])
})

test('a view has whole patches and whole time steps, at least one', () => {
  const sizes = (side: number, times: number) => {
    const { inputSize, frames } = viewSpec({ side, times }, plantEncoderSpec)
    return [inputSize, frames]
  }
  expect(sizes(96 / 224, 0.25)).toEqual([48, 4])
  expect(sizes(0.01, 0.01)).toEqual([16, 2])
  expect(sizes(1, 1)).toEqual([128, 16])
})
