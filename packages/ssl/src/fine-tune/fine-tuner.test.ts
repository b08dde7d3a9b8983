import { float32, type TensorValue, toNumbers } from '@takt/graph'
import { type EncoderSpec, initialParameters, type Named } from '@takt/nn'
import type { NamedTensors } from '@takt/onnx'
import { openRuntime, openTraining, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { clipTargets } from './clip-targets.ts'
import { fineTuner } from './fine-tuner.ts'

// Each run starts a process, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const spec: EncoderSpec = {
  architecture: 'video-vit',
  inputSize: 16,
  frames: 4,
  tubelet: 2,
  patch: 8,
  dim: 16,
  depth: 3,
  heads: 2,
  grid: 2,
}
const options = { spec, blocks: 1, classes: 2, batch: 4, steps: 40, seed: 3 }
const encoder = initialParameters(spec, 1)
const tuner = fineTuner(options)

/** Dark clips are of class 0, bright ones of class 1; the second time step of the last has no label. */
const frames = Uint8Array.from({ length: 4 * 4 * 16 * 16 * 3 }, (_, i) => {
  const clip = Math.floor(i / (4 * 16 * 16 * 3))
  return (clip % 2 === 0 ? 40 : 200) + 30 * Math.sin(i / (3 + clip))
})
const labels = Int16Array.from([0, 0, 1, 1, 0, 0, 1, -1])
const targets = clipTargets({ labels }, { starts: [0, 2, 4, 6], times: 2, weights: [1, 1] })
const clips = { frames, targets }

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

async function trained(steps: number): Promise<{ readonly state: NamedTensors; readonly losses: readonly number[] }> {
  const from = { step: 0, state: tuner.initialState(encoder) }
  await using run = await openTraining({ provider: 'cpu', threads: 1, model: tuner.model(), from, limitBytes: 1 << 29 })
  const losses: number[] = []
  for (let step = 0; step < steps; step++) {
    losses.push(Number((await run.advance(tuner.inputs({ ...clips, firstStep: step }))).losses.loss!.data[0]))
  }
  return { state: (await run.checkpoint()).state, losses }
}

const judge = async (state: NamedTensors, of = clips) => {
  const session = await runtime.load(tuner.judge())
  const { loss } = await runtime.run(session, tuner.judged(state, of))
  return toNumbers(loss as TensorValue)[0]!
}

const changed = (learnt: NamedTensors) =>
  Object.keys(encoder).filter(name => !Buffer.from(bytes(learnt, name)).equals(Buffer.from(bytes(encoder, name))))
const bytes = (of: NamedTensors, name: string) => (of[name]!.data as Float32Array).slice().buffer

test('the last blocks and the norm learn what clips show; all else stays bit for bit', async () => {
  const { state, losses } = await trained(40)
  expect(losses.at(-1)!).toBeLessThan(losses[0]! / 2)
  expect(await judge(state)).toBeLessThan((await judge(tuner.initialState(encoder))) / 2)
  const learnt = tuner.encoderOf(state)
  expect(Object.keys(learnt)).toEqual(Object.keys(encoder))
  const names = Object.keys(encoder).filter(name => name.startsWith('blocks.2.') || name.startsWith('norm.'))
  expect(changed(learnt)).toEqual(names)
})

test('while the classifier learns alone the encoder stays as it is', async () => {
  const { state, losses } = await trained(8)
  expect(changed(tuner.encoderOf(state))).toEqual([])
  expect(losses.at(-1)!).toBeLessThan(losses[0]!)
})

test('the gradient of the loss is that of finite differences', async () => {
  // In the first step AdamW's first moment is .1 of the gradient, which no clipping has shortened.
  const from = { step: 0, state: tuner.initialState(encoder) }
  await using run = await openTraining({ provider: 'cpu', threads: 1, model: tuner.model(), from, limitBytes: 1 << 29 })
  const plain = { ...tuner.inputs({ ...clips, firstStep: 0 }), ...unaltered() }
  const { losses } = await run.advance(plain)
  expect(Number(losses.loss!.data[0])).toBeCloseTo(await judge(from.state), 4)
  const { state } = await run.checkpoint()
  const shrunk = Math.min(1, 1 / Number(losses.gradientNorm!.data[0]))
  for (const name of ['classifier.weight', 'encoder.norm.weight', 'encoder.blocks.2.mlp.hidden.weight']) {
    const first = state[`optimiser.first.${name}`]!.data as Float32Array
    const at = first.reduce((best, value, i) => (Math.abs(value) > Math.abs(first[best]!) ? i : best), 0)
    const [above, below] = [
      await judge(moved(from.state, name, at, 1e-2)),
      await judge(moved(from.state, name, at, -1e-2)),
    ]
    expect((10 * first[at]!) / shrunk / ((above - below) / 2e-2), name).toBeCloseTo(1, 2)
  }
})

/** A view that shows the whole clip in its own light. */
const unaltered = (): Named<TensorValue> => {
  const ones = float32([1, 4], [1, 1, 1, 1])
  const whole = float32([1, 4, 2], [1, 0, 1, 0, 1, 0, 1, 0])
  return {
    'view0.rows': whole,
    'view0.columns': whole,
    'view0.brightness': ones,
    'view0.contrast': ones,
    'view0.saturation': ones,
  }
}

const moved = (state: NamedTensors, name: string, at: number, by: number): NamedTensors => {
  const { shape, data } = state[`parameters.${name}`]! as TensorValue
  const numbers = [...(data as Float32Array)]
  numbers[at]! += by
  return { ...state, [`parameters.${name}`]: float32(shape, numbers) }
}

test('a time step without a label says nothing', async () => {
  const state = tuner.initialState(encoder)
  const other = frames.map((level, i) => (i >= 3.5 * 4 * 16 * 16 * 3 ? 255 - level : level))
  const unlabelled = Int16Array.from([0, 0, 1, 1, 0, 0, -1, -1])
  const without = clipTargets({ labels: unlabelled }, { starts: [0, 2, 4, 6], times: 2, weights: [1, 1] })
  expect(await judge(state, { frames: other, targets: without })).toBeCloseTo(
    await judge(state, { frames, targets: without }),
    6,
  )
})

test.each([
  [{ blocks: 0 }, 'blocks'],
  [{ blocks: 4 }, 'blocks must be 3 at most, not 4'],
  [{ blocks: 1.5 }, 'blocks'],
  [{ classes: 1 }, 'classes'],
  [{ batch: 0 }, 'batch'],
])('%j is refused by name', (wrong, message) => {
  expect(() => fineTuner({ ...options, ...wrong })).toThrow(message)
})

test("another encoder's weights, or clips of another size, are refused", () => {
  expect(() => tuner.initialState({ ...encoder, strange: encoder['norm.bias']! })).toThrow('strange')
  expect(() => tuner.inputs({ frames: frames.subarray(1), targets, firstStep: 0 })).toThrow('frames of a call')
})
