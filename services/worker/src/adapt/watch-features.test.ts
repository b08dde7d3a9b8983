import type { AdaptationId } from '@takt/domain'
import { expect, test } from 'vitest'
import { watchFeatures } from './watch-features.ts'

const adaptation = 'a' as AdaptationId

/** A call's features [2, 1, 4, 1, 2, 3] of 2 steps, whose clips differ by `spread`. */
const call = (number: number, spread: number) => {
  const data = Float32Array.from({ length: 2 * 4 * 2 * 3 }, (_, i) => 1 + spread * Math.sin(i * i))
  return { step: 2 * number, losses: { features: { dtype: 'float32', shape: [2, 1, 4, 1, 2, 3], data } } } as const
}

test('the first call and every tenth after it are looked at', () => {
  const watch = watchFeatures(adaptation, { stepsPerCall: 2, series: [] })
  const looked = Array.from({ length: 25 }, (_, i) => i + 1).filter(number => watch.look(call(number, 1)))
  expect(looked).toEqual([1, 11, 21])
  expect(watch.requireDistinct()).toBeUndefined()
})

test('a run whose clips come to look alike ends and says what was lost, also after it went on elsewhere', () => {
  const watch = watchFeatures(adaptation, { stepsPerCall: 2, series: [] })
  const series = [{ step: 2, loss: 1, features: watch.look(call(1, 1))! }]
  const resumed = watchFeatures(adaptation, { stepsPerCall: 2, series })
  for (const number of [11, 21]) {
    resumed.look(call(number, 1e-5))
    expect(resumed.requireDistinct()).toBeUndefined()
  }
  resumed.look(call(31, 1e-5))
  expect(() => resumed.requireDistinct()).toThrow(
    /^adaptation a ends at step 62 without an encoder: its features have collapsed \(spread among clips at one time and place: 0\.\d+ at first, now /,
  )
})
