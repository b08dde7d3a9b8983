import { expect, test } from 'vitest'
import { parseLearning } from './learning.ts'

test('a budget is seconds, minutes or hours', () => {
  expect(parseLearning('dino', '90s')).toEqual({ method: 'dino', budgetMs: 90_000 })
  expect(parseLearning('v-jepa', '5m')).toEqual({ method: 'v-jepa', budgetMs: 300_000 })
  expect(parseLearning('byol', '1.5h')).toEqual({ method: 'byol', budgetMs: 5_400_000 })
})

test('without a method nothing is learnt', () => {
  expect(parseLearning(undefined, '5m')).toBeUndefined()
})

test.each([
  ['__proto__', '5m', '--method'],
  ['DINO', '5m', '--method'],
  ['dino', '5', '--budget'],
  ['dino', '0s', '--budget'],
  ['dino', '-5m', '--budget'],
  ['dino', '5 m', '--budget'],
  ['dino', '1e9h!', '--budget'],
])('%s for %s is refused', (method, budget, option) => {
  expect(() => parseLearning(method, budget)).toThrow(option)
})
