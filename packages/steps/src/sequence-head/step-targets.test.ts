import { expect, it } from 'vitest'
import { classWeights, stepTargets } from './step-targets.ts'

const rows = (labels: readonly number[], borderSteps: number) => {
  const targets = stepTargets(Int16Array.from(labels), { classCount: 2, borderSteps })
  return labels.map((_, time) => [...targets.subarray(2 * time, 2 * time + 2)])
}

it('a label is a probability of 1, and an unknown one of nothing', () => {
  expect(rows([0, -1, 1], 5)).toEqual([
    [1, 0],
    [0, 0],
    [0, 1],
  ])
})

it('turns one class into the other around a border, and into nothing where the other side is unknown', () => {
  const labels = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, -1]
  const ofFirst = rows(labels, 2).map(([first]) => first)
  expect(ofFirst).toEqual([1, 1, 1, 1, 0.875, 0.625, 0.375, 0.125, 0, 0, 0, 0, 0])
  expect(rows(labels, 2).map(row => row[0]! + row[1]!)).toEqual([...Array(12).fill(1), 0])
})

it('leaves the middle of a short run alone', () => {
  const ofSecond = rows([0, 0, 0, 0, 1, 1, 1, 0, 0, 0], 4).map(([, second]) => second)
  expect(ofSecond).toEqual([0, 0, 0, 0.25, 0.75, 1, 0.75, 0.25, 0, 0])
})

it('weighs a rare class up by the root of its rarity, and not at all without balance', () => {
  const counts = Float64Array.of(80, 10, 0)
  const [often, rare, never] = classWeights(counts, 0.5)
  expect(rare! / often!).toBeCloseTo(Math.sqrt(8))
  expect(never).toBe(0)
  expect([...classWeights(counts, 0)]).toEqual([1, 1, 0])
})
