import type { TrainingMethod } from '@takt/domain'
import { type TensorValue, toNumbers } from '@takt/graph'
import { type EncoderSpec, encoderModel, initialParameters } from '@takt/nn'
import { type Checkpoint, openTraining, type TrainingRun } from '@takt/runtime'
import { describe, expect, test, vi } from 'vitest'
import { plantTrainers } from '../src/plant-trainers.ts'
import { featureMetrics } from '../src/watch/feature-metrics.ts'

const spec: EncoderSpec = {
  architecture: 'video-vit',
  inputSize: 32,
  frames: 8,
  tubelet: 2,
  patch: 8,
  dim: 16,
  depth: 1,
  heads: 2,
  grid: 2,
}
const options = { spec, batch: 4, stepsPerCall: 2, steps: 8, seed: 7 }
const encoder = initialParameters(spec, 1)

/** Waves that run over a still ground, another in each clip: those of 2 steps. */
const waves = Uint8Array.from({ length: 2 * 4 * 8 * 32 * 32 * 3 }, (_, i) => {
  const [x, y, frame] = [Math.floor(i / 3) % 32, Math.floor(i / 96) % 32, Math.floor(i / 3072) % 8]
  const clip = Math.floor(i / 24_576)
  return 127 + 100 * Math.sin((x * ((clip % 3) + 1) + y * clip) / 12 + frame / 3 + (i % 3))
})

/** What holds of every method as a plant trains by it. */
export function describeTraining(methods: readonly TrainingMethod[]): void {
  // Each run starts a process, which takes its time on a busy machine.
  vi.setConfig({ testTimeout: 60_000 })
  describe.each(methods)('%s', trainsAsOne)
}

function trainsAsOne(method: TrainingMethod): void {
  const trainer = plantTrainers[method](options)

  test('goes on from a checkpoint in another process as the whole run would have, and what it learns serves', async () => {
    const single = plantTrainers[method]({ ...options, stepsPerCall: 1 })
    const model = single.model()
    const open = (from: Checkpoint) => openTraining({ provider: 'cpu', threads: 1, model, from, limitBytes: 1 << 29 })
    const advance = (run: TrainingRun, firstStep: number) =>
      run.advance(single.inputs({ firstStep, frames: waves.subarray(waves.length / 2) }))

    const first = { step: 0, state: single.initialState(encoder) }
    expect(single.encoderOf(first.state)).toEqual(encoder)
    await using whole = await open(first)
    await advance(whole, 0)
    const middle = await whole.checkpoint()
    const { losses } = await advance(whole, 1)
    await using resumed = await open(middle)
    expect((await advance(resumed, 1)).losses).toEqual(losses)
    const { state } = await whole.checkpoint()
    expect((await resumed.checkpoint()).state).toEqual(state)
    expect(featureMetrics(losses.features as TensorValue).spread).toBeGreaterThan(0)

    const learnt = single.encoderOf(state)
    expect(learnt).not.toEqual(encoder)
    expect(encoderModel(spec, learnt, { batch: 1 }).length).toBeGreaterThan(1000)
  })

  test('what a step is fed depends on seed and step alone, not on how steps are called', () => {
    const single = plantTrainers[method]({ ...options, stepsPerCall: 1 })
    const both = trainer.inputs({ firstStep: 4, frames: waves })
    const halves = [4, 5].map(firstStep => single.inputs({ firstStep, frames: waves.subarray(waves.length / 2) }))
    for (const [name, value] of Object.entries(both)) {
      if (name !== 'frames')
        expect(
          halves.flatMap(inputs => toNumbers(inputs[name]!)),
          name,
        ).toEqual(toNumbers(value))
    }
    expect(plantTrainers[method]({ ...options, seed: 8 }).inputs({ firstStep: 4, frames: waves })).not.toEqual(both)
  })
}
