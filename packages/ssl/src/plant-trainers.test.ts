import { toNumbers } from '@takt/graph'
import { type EncoderSpec, encoderModel, initialParameters } from '@takt/nn'
import { type Checkpoint, openTraining, type TrainingRun } from '@takt/runtime'
import { describe, expect, test, vi } from 'vitest'
import { methodNames } from './method-names.ts'
import { plantTrainers } from './plant-trainers.ts'

// Each run starts a process, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const spec: EncoderSpec = {
  architecture: 'video-vit',
  inputSize: 32,
  frames: 8,
  tubelet: 2,
  patch: 4,
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

describe.each(methodNames)('%s', method => {
  const trainer = plantTrainers[method](options)
  const open = (from: Checkpoint) =>
    openTraining({ provider: 'cpu', threads: 1, model: trainer.model(), from, limitBytes: 1 << 29 })
  const advance = async (run: TrainingRun, calls: readonly number[]) => {
    const losses: number[] = []
    for (const call of calls) {
      const progress = await run.advance(trainer.inputs({ firstStep: 2 * call, frames: waves }))
      losses.push(...Array.from(progress.losses.loss!.data, Number))
    }
    return losses
  }

  test('goes on from a checkpoint in another process as the whole run would have, and what it learns serves', async () => {
    const first = { step: 0, state: trainer.initialState(encoder) }
    expect(trainer.encoderOf(first.state)).toEqual(encoder)
    await using whole = await open(first)
    const before = await advance(whole, [0, 1])
    const middle = await whole.checkpoint()
    const after = await advance(whole, [2, 3])
    await using resumed = await open(middle)
    expect(await advance(resumed, [2, 3])).toEqual(after)
    expect(await resumed.checkpoint()).toEqual(await whole.checkpoint())
    for (const loss of [...before, ...after]) expect(loss).toBeTypeOf('number')

    const learnt = trainer.encoderOf((await whole.checkpoint()).state)
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
})
