import { toNumbers } from '@takt/graph'
import { type EncoderSpec, encoderModel, initialParameters } from '@takt/nn'
import { type Checkpoint, openTraining, type Tensors, type TrainingRun } from '@takt/runtime'
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

/** Waves that run over a still ground: the clips of 4 steps. */
const runningWaves = Uint8Array.from({ length: 4 * 2 * 4 * 32 * 32 * 3 }, (_, i) => {
  const [x, y, frame] = [Math.floor(i / 3) % 32, Math.floor(i / 96) % 32, Math.floor(i / 3072) % 4]
  return 127 + 100 * Math.sin((x * y) / 40 + frame / 3)
})

function open(from: Checkpoint = { step: 0, state: trainer.initialState(encoder) }): Promise<TrainingRun> {
  return openTraining({ provider: 'cpu', threads: 1, model: trainer.model(), from, limitBytes: 1 << 28 })
}

const numbersOf = (tensors: Tensors, name: string) => Array.from(tensors[name]!.data, Number)

/** Losses and gradient norms of all steps of some calls. */
async function train(run: TrainingRun, calls: readonly number[]) {
  const [losses, norms]: [number[], number[]] = [[], []]
  for (const call of calls) {
    const firstStep = call * options.stepsPerCall
    const progress = await run.advance(trainer.inputs({ firstStep, frames: runningWaves }))
    losses.push(...numbersOf(progress.losses, 'loss'))
    norms.push(...numbersOf(progress.losses, 'gradientNorm'))
  }
  return { losses, norms }
}

test('the loss starts at the spread of standardised pixels and falls', async () => {
  await using run = await open()
  const { losses, norms } = await train(run, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(losses).toHaveLength(40)
  expect(losses[0]).toBeCloseTo(1, 1)
  expect(losses.at(-1)).toBeLessThan(0.8 * losses[0]!)
  for (const norm of norms) expect(norm).toBeGreaterThan(0)
})

test('a run that goes on from a checkpoint in another process gives the losses and the state of the whole run', async () => {
  await using whole = await open()
  const { losses } = await train(whole, [0, 1, 2, 3])
  await using before = await open()
  const early = await train(before, [0, 1])
  await using after = await open(await before.checkpoint())
  const late = await train(after, [2, 3])
  expect([...early.losses, ...late.losses]).toEqual(losses)
  expect(await after.checkpoint()).toEqual(await whole.checkpoint())
})

test('before the first step the encoder has the bits that it was given', () => {
  expect(trainer.encoderOf(trainer.initialState(encoder))).toEqual(encoder)
})

test('after training the encoder has other weights under the same names, and serves', async () => {
  await using run = await open()
  await train(run, [0])
  const learnt = trainer.encoderOf((await run.checkpoint()).state)
  expect(Object.keys(learnt)).toEqual(Object.keys(encoder))
  expect(learnt).not.toEqual(encoder)
  expect(encoderModel(spec, learnt, { batch: 1 }).length).toBeGreaterThan(0)
})

test('what a step is fed depends on seed and step alone, not on how steps are called', () => {
  const half = videoMaeTrainer({ ...options, stepsPerCall: 2 })
  const whole = trainer.inputs({ firstStep: 8, frames: runningWaves })
  const halves = [8, 10].map(firstStep =>
    half.inputs({ firstStep, frames: runningWaves.subarray(0, runningWaves.length / 2) }),
  )
  for (const name of ['visible', 'hidden', 'rate', 'decay', 'step']) {
    expect(halves.flatMap(inputs => toNumbers(inputs[name]!))).toEqual(toNumbers(whole[name]!))
  }
  expect(toNumbers(whole.step!)).toEqual([9, 10, 11, 12])
})

test('every clip of every step has a mask of its own, and another seed other ones', () => {
  const masks = (seed: number) => {
    const { visible } = videoMaeTrainer({
      ...options,
      batch: 8,
      preset: { ...options.preset, maskRatio: 0.5 },
      seed,
    }).inputs({
      firstStep: 0,
      frames: new Uint8Array(4 * runningWaves.length),
    })
    const numbers = toNumbers(visible!)
    return Array.from({ length: 4 * 8 }, (_, i) => numbers.slice(16 * i, 16 * (i + 1)).join())
  }
  expect(new Set([...masks(1), ...masks(2)]).size).toBe(64)
})

test('the rate rises to its peak and falls to 0 by the last step, and stays there', () => {
  const { inputs } = videoMaeTrainer({ ...options, stepsPerCall: 44, preset: { ...options.preset, warmupShare: 0.1 } })
  const rates = toNumbers(inputs({ firstStep: 0, frames: new Uint8Array(11 * runningWaves.length) }).rate!)
  const nearly = (rate: number) => expect.closeTo(rate, 8)
  expect(rates.slice(0, 4)).toEqual([0.0025, 0.005, 0.0075, 0.01].map(nearly))
  expect(rates.slice(3)).toEqual(rates.slice(3).toSorted((a, b) => b - a))
  expect(rates.slice(39)).toEqual([0, 0, 0, 0, 0])
})

test.each<[string, Partial<VideoMaeTrainerOptions>, string]>([
  ['an empty batch', { batch: 0 }, "a trainer's batch must be an integer from 1, not 0"],
  ['half a step', { stepsPerCall: 0.5 }, "a trainer's stepsPerCall must be an integer from 1, not 0.5"],
  ['no end', { steps: Number.POSITIVE_INFINITY }, "a trainer's steps must be an integer from 1, not Infinity"],
  ['no seed', { seed: Number.NaN }, "a trainer's seed must be an integer from 0, not NaN"],
  [
    'everything hidden',
    { preset: { ...options.preset, maskRatio: 1 } },
    'a mask over 1 of 16 places does not leave some visible and some hidden',
  ],
  [
    'one place a time step',
    { spec: { ...spec, patch: 32, grid: 1 } },
    'a mask over 0.9 of 1 places does not leave some visible and some hidden',
  ],
  [
    'a width whose half has no positions',
    { spec: { ...spec, dim: 24 } },
    "a decoder 12 wide is not a multiple of 8 that divides into 1 heads; the encoder's width is twice that",
  ],
])('a trainer with %s is refused', (_, more, message) => {
  expect(() => videoMaeTrainer({ ...options, ...more })).toThrow(message)
})

test('an encoder of another shape, or with more or less than its weights, is refused', () => {
  const other = initialParameters({ ...spec, dim: 32 }, 1)
  expect(() => trainer.initialState(other)).toThrow(
    'not the encoder that is trained: patch.weight is float32[32, 384], not float32[16, 384]',
  )
  expect(() => trainer.initialState(initialParameters({ ...spec, depth: 3 }, 1))).toThrow('is none of its weights')
  expect(() => trainer.initialState(initialParameters({ ...spec, depth: 1 }, 1))).toThrow(
    'it lacks blocks.1.norm1.weight',
  )
})

test('a call with clips too few, or from no step of a run, is refused', () => {
  expect(() => trainer.inputs({ firstStep: 0, frames: runningWaves.subarray(3) })).toThrow(
    'frames of a call are [4, 2, 4, 32, 32, 3], 98304 bytes, not 98301',
  )
  expect(() => trainer.inputs({ firstStep: -4, frames: runningWaves })).toThrow(
    "a trainer's firstStep must be an integer from 0, not -4",
  )
})
