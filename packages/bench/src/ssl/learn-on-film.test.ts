import { expect, test } from 'vitest'
import { costOf, type Look } from './learn-on-film.ts'

const look = (step: number, atSeconds: number, cpuSeconds: number): Look => {
  return { step, clips: 8 * step, atSeconds, cpuSeconds, peakMegabytes: 500.4 + step }
}

test('rates are those between the first look and the last', () => {
  expect(costOf([look(1, 30, 7), look(11, 35, 15), look(21, 40, 23)])).toEqual({
    steps: 21,
    clipsPerSecond: 16,
    clipsPerCpuSecond: 10,
    peakMegabytes: 521,
  })
})

test('of one look there is no rate', () => {
  expect(costOf([look(1, 30, 7)])).toMatchObject({ clipsPerSecond: null, clipsPerCpuSecond: null, peakMegabytes: 501 })
})
