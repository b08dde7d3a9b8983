import { type EncoderSpec, initialParameters } from '@takt/nn'
import { openTraining, type Tensors, type TrainingRun } from '@takt/runtime'
import { expect, test, vi } from 'vitest'
import { videoMaePresets } from './video-mae-presets.ts'
import { type VideoMaeTrainerOptions, videoMaeTrainer } from './video-mae-trainer.ts'

// Each run starts a process, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const spec: EncoderSpec = {
  architecture: 'video-vit',
  inputSize: 32,
  frames: 4,
  tubelet: 2,
  patch: 8,
  dim: 16,
  depth: 2,
  heads: 2,
  grid: 2,
}
const options: VideoMaeTrainerOptions = {
  spec,
  preset: { ...videoMaePresets.plant, peakRate: () => 0.01 },
  batch: 2,
  stepsPerCall: 4,
  steps: 40,
  seed: 7,
}
const trainer = videoMaeTrainer(options)
const encoder = initialParameters(spec, 1)

/** Waves that run over a still ground: 4 steps of 2 clips of 4 frames. */
const runningWaves = Uint8Array.from({ length: 4 * 2 * 4 * 32 * 32 * 3 }, (_, i) => {
  const [x, y, frame] = [Math.floor(i / 3) % 32, Math.floor(i / 96) % 32, Math.floor(i / 3072) % 4]
  return 127 + 100 * Math.sin((x * y) / 40 + frame / 3)
})

function open(): Promise<TrainingRun> {
  const from = { step: 0, state: trainer.initialState(encoder) }
  return openTraining({ provider: 'cpu', threads: 1, model: trainer.model(), from, limitBytes: 1 << 28 })
}

async function train(run: TrainingRun, firstSteps: readonly number[]): Promise<readonly number[]> {
  const losses: number[] = []
  for (const firstStep of firstSteps) {
    const progress = await run.advance(trainer.inputs({ firstStep, frames: runningWaves }))
    losses.push(...numbersOf(progress.losses, 'loss'))
  }
  return losses
}

const numbersOf = (tensors: Tensors, name: string) => Array.from(tensors[name]!.data, Number)

test('the loss falls', async () => {
  await using run = await open()
  const losses = await train(run, [0, 4, 8, 12, 16, 20, 24, 28, 32, 36])
  expect(losses.at(-1)).toBeLessThan(0.7 * losses[0]!)
})
