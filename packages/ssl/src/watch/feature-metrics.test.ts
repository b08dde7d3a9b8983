import { readFile } from 'node:fs/promises'
import { float32, toNumbers } from '@takt/graph'
import { random } from '@takt/nn'
import { decodeSafetensors } from '@takt/onnx'
import { describe, expect, test } from 'vitest'
import { collapseOf } from './collapse.ts'
import { effectiveRank } from './effective-rank.ts'
import { type FeatureMetrics, featureMetrics } from './feature-metrics.ts'

const golden = decodeSafetensors(await readFile(new URL('../../golden/watch.safetensors', import.meta.url))).tensors

test('all metrics are those of PyTorch in float64 to within 1e-6', () => {
  const { features, ...expected } = golden
  const shape = [1, ...features!.shape]
  const found = featureMetrics(float32(shape, toNumbers(features!)))
  expect(Object.keys(found).toSorted()).toEqual(Object.keys(expected).toSorted())
  for (const [name, value] of Object.entries(expected)) {
    expect(Math.abs(found[name as keyof FeatureMetrics]! / toNumbers(value)[0]! - 1), name).toBeLessThan(1e-6)
  }
})

test('only the last step of a call is looked at', () => {
  const { features } = golden
  const numbers = toNumbers(features!)
  const two = float32([2, ...features!.shape], [...numbers.map(() => 1), ...numbers])
  expect(featureMetrics(two)).toEqual(featureMetrics(float32([1, ...features!.shape], numbers)))
})

test('a rank counts directions: one for multiples of a row, all for equal axes, at most 128', () => {
  const rows = (count: number, dim: number, at: (row: number, column: number) => number) =>
    Float32Array.from({ length: count * dim }, (_, i) => at(Math.floor(i / dim), i % dim))
  expect(
    effectiveRank(
      rows(20, 5, (row, column) => row * column),
      5,
    ),
  ).toBeCloseTo(1, 4)
  expect(
    effectiveRank(
      rows(5, 5, (row, column) => (row === column ? 3 : 0)),
      5,
    ),
  ).toBeCloseTo(5, 4)
  expect(
    effectiveRank(
      rows(3, 40, (row, column) => (row === column ? 3 : 0)),
      40,
    ),
  ).toBeCloseTo(3, 4)
  const next = random(1, 'rows')
  const rank = effectiveRank(
    rows(1000, 300, () => next() - 0.5),
    300,
  )
  expect(rank).toBeGreaterThan(110)
  expect(rank).toBeLessThanOrEqual(128)
  expect(effectiveRank(new Float32Array(12), 4)).toBe(1)
})

/** Features [1, 1, batch, spots, 1, dim] of a clip's and a spot's own numbers. */
function featuresOf(clipPart: number, spotPart: number) {
  const next = random(2, 'features')
  const [batch, spots, dim] = [8, 6, 16]
  const own = (count: number) => Array.from({ length: count * dim }, () => 2 * next() - 1)
  const [clips, places] = [own(batch * spots), own(spots)]
  const numbers = clips.map((clip, i) => clipPart * clip + spotPart * places[i % (spots * dim)]! + 0.5)
  return featureMetrics(float32([1, 1, batch, spots, 1, dim], numbers))
}

describe('collapse', () => {
  const healthy = featuresOf(1, 1)
  const later = (look: FeatureMetrics) => [healthy, ...Array.from({ length: 5 }, () => healthy), look, look, look]

  test('is none while looks resemble the first, or before there are three of them', () => {
    expect(collapseOf([])).toBeNull()
    expect(collapseOf([healthy])).toBeNull()
    expect(collapseOf(later(featuresOf(0.5, 1)))).toBeNull()
    expect(collapseOf([healthy, featuresOf(0, 1), featuresOf(0, 1)])).toBeNull()
    expect(collapseOf([healthy, featuresOf(0, 1), featuresOf(0, 1), healthy])).toBeNull()
  })

  test('onto one point is seen by its spread', () => {
    expect(collapseOf(later(featuresOf(0.001, 0.001)))).toMatch(
      /^spread among clips at one time and place: 0\.\d+ at first, now/,
    )
  })

  test('onto time and place, by what they explain', () => {
    const looks = later({ ...featuresOf(0.1, 1), spread: healthy.spread })
    expect(collapseOf(looks)).toMatch(
      /^share of variance that time and place do not explain: 0\.\d+ at first, now 0\.0/,
    )
  })

  test('onto a line, by its rank', () => {
    const looks = later({ ...healthy, effectiveRank: 1.2 })
    expect(collapseOf(looks)).toMatch(/^dimensions in use beyond the first: \d+ at first, now 0.20$/)
  })

  test('is seen also where the encoder had collapsed before', () => {
    expect(collapseOf(Array.from({ length: 4 }, () => featuresOf(0, 1)))).toMatch(/now 0\.0$/)
  })
})
