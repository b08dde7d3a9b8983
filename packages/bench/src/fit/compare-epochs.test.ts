import { expect, test } from 'vitest'
import { compareEpochs, memoryOf } from './compare-epochs.ts'

const ours = [
  { seconds: 2, cpuSeconds: 4, loss: 3 },
  { seconds: 4, cpuSeconds: 4, loss: 2 },
]
const torch = [
  { seconds: 3, cpuSeconds: 5, loss: 3, readingSeconds: 1, peakMegabytes: 900 },
  { seconds: 8, cpuSeconds: 5, loss: 2, readingSeconds: 2, peakMegabytes: 950 },
]

test('a ratio is the median of the rounds, and above 1 in our favour', () => {
  expect(compareEpochs({ ours, torch })).toMatchObject({
    ratioToTorch: 1.75,
    ratioToTorchWithoutItsReading: 1.25,
    ratioToTorchByCpu: 1.25,
    epochSeconds: { takt: 3, torch: 5.5 },
  })
})

test('without a rival its figures are null', () => {
  expect(compareEpochs({ ours, torch: [] })).toMatchObject({
    ratioToTorch: null,
    epochSeconds: { takt: 3, torch: null },
  })
})

test('memory grows by what it is at last over what it was after a few sequences', () => {
  const megabytes = [500, 600, 600, 610, 605, 600].map(child => ({ child, own: 100 }))
  expect(memoryOf({ ours, torch, megabytes })).toMatchObject({
    peakMegabytesAfterFew: { sequences: 2, training: 600, node: 100 },
    peakMegabytesAfterAll: { sequences: 6, training: 610, node: 100 },
    memoryGrowth: 1.01,
    torchPeakMegabytes: 950,
  })
})
