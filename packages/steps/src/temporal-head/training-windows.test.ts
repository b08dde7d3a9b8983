import { expect, it } from 'vitest'
import { seededRandom } from '../../test/synthetic.ts'
import { classWeights, trainingBatch, trainingStretches } from './training-windows.ts'

const labels = Int16Array.of(-1, 0, 0, 0, 1, -1, -1, 1, 0)
const features = { values: Float32Array.from({ length: 18 }, (_, at) => at), dim: 2 }
const plain = { warp: null, channelShift: 0, noise: 0 }

it('cuts labelled stretches out, with targets that weigh a rare class more', () => {
  const [first, second] = trainingStretches([{ features, labels }], { classCount: 2, balance: 1 })
  expect([...first!.features.values]).toEqual([2, 3, 4, 5, 6, 7, 8, 9])
  expect([...first!.targets.values]).toEqual([0.75, 0, 0.75, 0, 0.75, 0, 0, 1.5])
  expect([...second!.targets.values]).toEqual([0, 1.5, 0.75, 0])
})

it('weighs classes as often as they are, all alike, or in between', () => {
  expect([...classWeights([{ labels }], 3, 0)]).toEqual([1, 1, 0])
  const [often, seldom] = classWeights([{ labels }], 2, 0.5)
  expect([often! ** 2, seldom! ** 2]).toEqual([expect.closeTo(6 / 8), expect.closeTo(6 / 4)])
})

it('lays copies out channel by channel, filled up and masked to the length of a window', () => {
  const stretches = trainingStretches([{ features, labels }], { classCount: 2, balance: 0 }).slice(1)
  const batch = trainingBatch(stretches, { batch: 1, times: 3, augmentation: plain }, seededRandom(1).uniform)
  expect(batch).toEqual({
    x: Float32Array.of(14, 16, 0, 15, 17, 0),
    targets: Float32Array.of(0, 1, 0, 1, 0, 0),
    mask: Float32Array.of(1, 1, 0),
  })
})

it('cuts a window out of a copy that is longer', () => {
  const stretches = trainingStretches([{ features, labels }], { classCount: 2, balance: 0 }).slice(0, 1)
  const { x, mask } = trainingBatch(stretches, { batch: 8, times: 2, augmentation: plain }, seededRandom(2).uniform)
  expect([...mask]).toEqual(Array(16).fill(1))
  const starts = Array.from({ length: 8 }, (_, sample) => x[sample * 4]!)
  expect(new Set(starts)).toEqual(new Set([2, 4, 6]))
  for (const [sample, start] of starts.entries()) {
    expect([...x.subarray(sample * 4, sample * 4 + 4)]).toEqual([start, start + 2, start + 1, start + 3])
  }
})

it('shifts a channel of a copy as a whole, and adds noise to each value', () => {
  const still = [
    { features: { values: new Float32Array(400), dim: 2 }, targets: { values: new Float32Array(200), dim: 1 } },
  ]
  const draw = seededRandom(3).uniform
  const shifted = trainingBatch(still, { batch: 1, times: 200, augmentation: { ...plain, channelShift: 1 } }, draw).x
  expect(new Set(shifted).size).toBe(2)
  const noisy = trainingBatch(still, { batch: 1, times: 200, augmentation: { ...plain, noise: 0.5 } }, draw).x
  const square = noisy.reduce((sum, value) => sum + value * value, 0) / noisy.length
  expect(Math.sqrt(square)).toBeCloseTo(0.5, 1)
})
