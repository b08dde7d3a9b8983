import { expect, test } from 'vitest'
import { compareRounds } from './compare.ts'

const figures = (requestsPerSecond: number) => ({ p50Ms: 1000 / requestsPerSecond, p99Ms: 9, requestsPerSecond })

test('the ratio is taken within each round, so that a slow moment of the machine weighs on neither rival', () => {
  const rounds = [
    { api: figures(80), bare: figures(100) },
    { api: figures(8), bare: figures(10) },
    { api: figures(90), bare: figures(100) },
  ]
  expect(compareRounds(rounds)).toMatchObject({
    ratio: 0.8,
    api: { requestsPerSecond: 80, p50Ms: 12.5 },
    bare: { requestsPerSecond: 100, p99Ms: 9 },
  })
})
