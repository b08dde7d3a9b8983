import { describe, expect, it } from 'vitest'
import { seededRandom } from '../test/synthetic.ts'
import { fitScorer } from './fit-scorer.ts'
import type { Normaliser } from './normalise.ts'
import type { Sample } from './training-samples.ts'

const DIM = 6
const normaliser: Normaliser = {
  halfLifeSteps: 40,
  priorWeight: 10,
  varianceFloor: 0.1,
  priorMean: new Float32Array(DIM),
  priorDeviation: new Float32Array(DIM).fill(1),
}

/** Samples of three classes in two cycles; the third class occurs in the second cycle alone. */
function recorded() {
  const random = seededRandom(5)
  const prototypes = [0, 1, 2].map(() => Float32Array.from({ length: DIM }, random.normal))
  const samples: Sample[] = []
  for (let step = 0; step < 60; step++) samples.push({ sequence: 0, step, label: step % 2 })
  for (let step = 60; step < 70; step++) samples.push({ sequence: 0, step, label: 2 })
  const rows = samples.map(({ label }) => prototypes[label]!.map(value => value + 0.5 * random.normal()))
  const folds = { foldCount: 2, foldOf: ({ step }: { readonly step: number }) => (step < 30 ? 0 : 1) }
  return { viewId: 'front', normaliser, classCount: 3, training: { samples, rows }, folds, importanceOf: () => 1 }
}

describe('a scorer', () => {
  it('is not judged on a class that the other cycles never show', async () => {
    const all = recorded()
    const judged = all.training.samples.flatMap(({ label }, index) => (label < 2 ? [index] : []))
    const without = {
      samples: judged.map(index => all.training.samples[index]!),
      rows: judged.map(index => all.training.rows[index]!),
    }
    const [withIt, withoutIt] = [await fitScorer(all), await fitScorer({ ...all, training: without, classCount: 2 })]
    expect(withIt.heldOutLoss).toBeLessThan(withoutIt.heldOutLoss + 0.1)
    expect(withIt.scorer.temperature).toBeLessThan(2 * withoutIt.scorer.temperature)
  })

  it('learns nothing from samples of no importance', async () => {
    const all = recorded()
    const importanceOf = ({ step }: Sample) => (step % 3 === 0 ? 0 : 1)
    const relabelled = all.training.samples.map(sample => (sample.step % 3 === 0 ? { ...sample, label: 0 } : sample))
    const fitted = await fitScorer({ ...all, importanceOf })
    const again = await fitScorer({ ...all, importanceOf, training: { ...all.training, samples: relabelled } })
    expect(again.scorer.weights).toEqual(fitted.scorer.weights)
    expect(again.scorer.temperature).toBe(fitted.scorer.temperature)
  })
})
