import { expect, test } from 'vitest'
import { takeTurns } from './take-turns.ts'

/** Burns CPU, so that the time of a turn is more than nothing. */
const burn = () => {
  const until = performance.now() + 5
  while (performance.now() < until);
  return 7
}

test('both take turns after five that warm up, and what they found is compared each time', async () => {
  const calls = { ours: 0, rival: 0 }
  const found = await takeTurns(
    {
      ours: () => {
        calls.ours++
        return burn()
      },
      rival: async () => ({ seconds: 1, result: calls.rival++ < 5 ? 7 : 8 }),
      agree: (a, b) => a === b,
    },
    3,
  )
  expect(calls).toEqual({ ours: 8, rival: 8 })
  expect(found).toMatchObject({ equal: false, rivalCpuMilliseconds: 1000 })
  expect(found.timesAsFast).toBeGreaterThan(1)
})
