import { expect, it } from 'vitest'
import { borderSd } from './border-sd.ts'

/** Posterior of one class among two, by step. */
const posterior = (values: readonly number[]) => Float64Array.from(values.flatMap(value => [0, value]))
const at = { classIndex: 1, classCount: 2, border: 2 }

it('is the rounding to steps alone where the posterior is sure', () => {
  expect(borderSd(posterior([0, 0, 1, 0]), at)).toBeCloseTo(0.25 / Math.sqrt(12), 10)
})

it('grows with the spread around the decided border', () => {
  // One step early or late with a quarter each: variance ½.
  expect(borderSd(posterior([0, 0.25, 0.5, 0.25]), at)).toBeCloseTo(0.25 * Math.sqrt(0.5 + 1 / 12), 10)
})

it('counts the distance of a posterior that lies elsewhere', () => {
  expect(borderSd(posterior([1, 0, 0, 0]), at)).toBeCloseTo(0.25 * Math.sqrt(4 + 1 / 12), 10)
})

it('is as wide as the window where the posterior sees no such border', () => {
  expect(borderSd(posterior([0, 0, 0, 0]), at)).toBeCloseTo(0.25 * Math.sqrt(16 / 12 + 1 / 12), 10)
})
