import { expect, test } from 'vitest'
import { extendSeries, seriesUpTo } from './loss-series.ts'

const points = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ step: from + i, loss: 1 / (from + i) }))

test('a series grows by what comes', () => {
  expect(extendSeries(points(1, 2), points(3, 1))).toEqual(points(1, 3))
})

test('however long training lasts, its series stays short and keeps its first and its last point', () => {
  let series = points(1, 0)
  for (let step = 1; step <= 100_000; step++) series = [...extendSeries(series, points(step, 1))]
  expect(series.length).toBeLessThanOrEqual(240)
  expect(series.length).toBeGreaterThanOrEqual(100)
  expect([series[0]!.step, series.at(-1)!.step]).toEqual([1, 100_000])
  expect(series.map(point => point.step)).toEqual(series.map(point => point.step).toSorted((a, b) => a - b))
})

test('what was lost behind a checkpoint is taken out of it', () => {
  expect(seriesUpTo(points(1, 5), 3)).toEqual(points(1, 3))
  expect(seriesUpTo(points(1, 5), 0)).toEqual([])
})
