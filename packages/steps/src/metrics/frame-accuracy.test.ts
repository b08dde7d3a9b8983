import { expect, it } from 'vitest'
import { frameAccuracy } from './frame-accuracy.ts'

const labels = (text: string) => Int16Array.from(text, digit => Number(digit))

it('pools frames, so that a long sequence counts for more', () => {
  const long = { truth: labels('00112233'), predicted: labels('00112233') }
  const short = { truth: labels('11'), predicted: labels('22') }
  expect(frameAccuracy([long, short])).toBe(80)
})

it('is null without a frame', () => {
  expect(frameAccuracy([])).toBeNull()
})
