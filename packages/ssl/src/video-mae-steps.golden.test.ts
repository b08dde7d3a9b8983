import { readFile } from 'node:fs/promises'
import { type TensorValue, tensorValue, toNumbers } from '@takt/graph'
import { adamW, leafOf, mapNamed, namesBelow, PARAMETERS, stateOf, trainingGraph, tubeletSize } from '@takt/nn'
import { decodeSafetensors } from '@takt/onnx'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { evaluate } from '../test/evaluate.ts'

import { meanSquare } from './pixel-prediction.ts'
import { declareVideoMae, type VideoMaeSpec, videoMaeOutputs } from './video-mae.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

const read = async (name: string) =>
  decodeSafetensors(await readFile(new URL(`../golden/${name}.safetensors`, import.meta.url))).tensors
const [start, golden] = [await read('video-mae'), await read('video-mae-steps')]

/** Sizes and settings of golden/video_mae.py. */
const spec: VideoMaeSpec = {
  encoder: {
    architecture: 'video-vit',
    inputSize: 16,
    frames: 4,
    tubelet: 2,
    patch: 4,
    dim: 24,
    depth: 2,
    heads: 3,
    grid: 2,
  },
  decoder: { inputs: 24, dim: 16, depth: 1, heads: 2, outputs: tubeletSize({ tubelet: 2, patch: 4 }) },
}
const STEPS = 20
const DECAY = 0.05
const CLIP = 0.5

test('20 whole steps of VideoMAE, masked, clipped and by AdamW, go as in PyTorch to within 1e-4', async () => {
  const weights = namesBelow('weight.', start)
  const optimiser = adamW({ beta2: 0.95 })
  const { outputs } = trainingGraph({
    stepsPerCall: STEPS,
    parameters: weights,
    batch: { frames: start.frames!, visible: ofOneStep(golden.visible!), hidden: ofOneStep(golden.hidden!) },
    optimiser,
    clipNorm: CLIP,
    loss: (parameters, clips) => meanSquare(videoMaeOutputs(declareVideoMae(leafOf(parameters), spec), clips, spec)),
  })
  const scalars = (numbers: readonly number[]) => tensorValue({ dtype: 'float32', shape: [STEPS] }, numbers)
  const steps = [...Array(STEPS).keys()]
  const found = await evaluate(runtime, outputs, {
    ...(stateOf(weights, optimiser) as Readonly<Record<string, TensorValue>>),
    frames: tensorValue(
      { dtype: 'uint8', shape: [STEPS, ...start.frames!.shape] },
      steps.flatMap(() => toNumbers(start.frames!)),
    ),
    visible: golden.visible!,
    hidden: golden.hidden!,
    rate: golden.rate!,
    decay: scalars(steps.map(() => DECAY)),
    step: scalars(steps.map(step => step + 1)),
  })

  for (const collected of ['loss', 'gradientNorm'] as const) {
    for (const [step, number] of toNumbers(golden[collected]!).entries()) {
      expect(Math.abs(found[collected]![step]! / number - 1), `${collected} of step ${step}`).toBeLessThan(1e-4)
    }
  }
  const trained = mapNamed(namesBelow('trained.', golden), toNumbers)
  expect(Object.keys(trained).toSorted()).toEqual(Object.keys(weights).toSorted())
  for (const [name, numbers] of Object.entries(trained)) {
    const error = relativeError(withSlope(name, found[`next.${PARAMETERS}${name}`]!), withSlope(name, numbers))
    expect(error, name).toBeLessThan(1e-4)
  }
})

/**
 * All but the biases of keys, which move all logits of a query alike, so that softmax does not see them: their gradient
 * is 0 but for rounding, and AdamW makes steps of its full rate out of that.
 */
function withSlope(name: string, numbers: readonly number[]): readonly number[] {
  const third = numbers.length / 3
  return name.endsWith('qkv.bias') ? numbers.toSpliced(third, third) : numbers
}

function ofOneStep({ dtype, shape }: TensorValue) {
  return { dtype, shape: shape.slice(1) }
}

function relativeError(found: readonly number[], expected: readonly number[]): number {
  return Math.hypot(...expected.map((number, i) => number - found[i]!)) / Math.hypot(...expected)
}
