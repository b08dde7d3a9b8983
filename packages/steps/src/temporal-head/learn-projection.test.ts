import { expect, it } from 'vitest'
import { seededRandom } from '../../test/synthetic.ts'
import { affine } from '../affine.ts'
import { learnProjection } from './learn-projection.ts'

const { normal } = seededRandom(1)
const dim = 80
const normaliser = {
  halfLifeSteps: 40,
  priorWeight: 20,
  varianceFloor: 0.1,
  priorMean: Float32Array.from({ length: dim }, (_, j) => 5 + j),
  priorDeviation: Float32Array.from({ length: dim }, (_, j) => 1 + (j % 3)),
}
/** Rows that vary along two directions, and by a little noise. */
const rows = Array.from({ length: 400 }, () => {
  const [a, b] = [3 * normal(), normal()]
  return Float32Array.from({ length: dim }, (_, j) => (j < 40 ? a : b) + normal() / 10)
})
const { weights, biases } = learnProjection(normaliser, rows)
const projected = rows.map(row => {
  const x = row.map((value, j) => normaliser.priorMean[j]! + normaliser.priorDeviation[j]! * value)
  const values = new Float32Array(biases.length)
  affine({ weights, biases }, { values: x, at: 0 }, { values, at: 0 })
  return values
})
const meanSquare = (of: (row: Float32Array) => Iterable<number>) => {
  const values = projected.flatMap(row => [...of(row)])
  return values.reduce((sum, value) => sum + value * value, 0) / values.length
}

it('keeps 64 components, which have a mean square of 1 over what they were learnt from', () => {
  expect(biases.length).toBe(64)
  expect(meanSquare(row => row)).toBeCloseTo(1, 2)
})

it('has what varies most in its first components, without whitening', () => {
  const first = 2 * meanSquare(row => row.subarray(0, 2))
  expect(first / (64 * meanSquare(row => row))).toBeGreaterThan(0.98)
})

it('takes features at their prior mean to the origin', () => {
  const values = new Float32Array(biases.length)
  affine({ weights, biases }, { values: normaliser.priorMean, at: 0 }, { values, at: 0 })
  expect(Math.max(...values.map(Math.abs))).toBeLessThan(1e-4)
})
