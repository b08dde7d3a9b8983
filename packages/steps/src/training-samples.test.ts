import { expect, it } from 'vitest'
import type { Normaliser } from './normalise.ts'
import { trainingSamples } from './training-samples.ts'
import type { TrainingSequence } from './training-sequence.ts'

const normaliser: Normaliser = {
  halfLifeSteps: 10,
  priorWeight: 4,
  varianceFloor: 0.1,
  priorMean: Float32Array.of(0),
  priorDeviation: Float32Array.of(1),
}

function sequence(labels: readonly number[], seenBy: (step: number) => string = () => 'front'): TrainingSequence {
  return {
    labels: Int16Array.from(labels),
    steps: labels.map((_, step) => ({ kind: 'observed', views: { [seenBy(step)]: Float32Array.of(step) } })),
  }
}

const view = { viewId: 'front', normaliser, lookAheadSteps: 4, most: 100 }

it('keeps the labelled steps that the view saw', async () => {
  const halfSeen = sequence([-1, 0, 0, 1, 1, -1], step => (step === 2 ? 'side' : 'front'))
  const { samples, rows } = await trainingSamples([halfSeen], view)
  expect(samples.map(({ step, label }) => [step, label])).toEqual([
    [1, 0],
    [3, 1],
    [4, 1],
  ])
  expect(rows.length).toBe(3)
})

it('lets unknown steps move the normaliser', async () => {
  const alone = await trainingSamples([sequence([0, 1])], view)
  const after = await trainingSamples([sequence([-1, -1, -1, 0, 1])], view)
  expect(after.rows[0]).not.toEqual(alone.rows[0])
})

it('thins the long classes and leaves the rare one whole', async () => {
  const labels = [...Array<number>(60).fill(0), ...Array<number>(5).fill(1), ...Array<number>(60).fill(2)]
  const { samples } = await trainingSamples([sequence(labels)], { ...view, most: 45 })
  const counts = [0, 1, 2].map(label => samples.filter(sample => sample.label === label).length)
  expect(counts).toEqual([20, 5, 20])
  const background = samples.filter(sample => sample.label === 0).map(sample => sample.step)
  expect(background).toEqual(Array.from({ length: 20 }, (_, i) => 3 * i))
})
