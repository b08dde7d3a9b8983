import { expect, test } from 'vitest'
import { compareSteps, lossDifference, medianSeconds } from './compare.ts'

const rounds = [
  { takt: 0.5, products: 0.4, torchEager: 0.6, torchCompile: 0.55 },
  { takt: 2, products: 1, torchEager: 3, torchCompile: 1 },
  { takt: 1, products: 0.7, torchEager: 1.1, torchCompile: 1 },
]

test('a ratio is the median of the rounds: a slow moment that all of them share does not count', () => {
  expect(compareSteps(rounds)).toEqual({ ratioToTorchEager: 1.2, ratioToTorchCompile: 1, ratioToMatMulCeiling: 0.7 })
  expect(medianSeconds(rounds)).toEqual({ takt: 1, products: 0.7, torchEager: 1.1, torchCompile: 1 })
})

test('without a rival its figures are null', () => {
  const alone = rounds.map(({ takt, products }) => ({ takt, products }))
  expect(compareSteps(alone)).toEqual({ ratioToTorchEager: null, ratioToTorchCompile: null, ratioToMatMulCeiling: 0.7 })
  expect(medianSeconds(alone)).toMatchObject({ takt: 1, torchEager: null })
})

test('losses are compared step by step', () => {
  expect(lossDifference([1, 1.02], [1, 1])).toBeCloseTo(0.02)
})
