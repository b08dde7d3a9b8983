import { readFile } from 'node:fs/promises'
import { input, type TensorValue, toNumbers } from '@takt/graph'
import { leafOf, mapNamed, namedGradients, namesBelow, prefixNames, tubeletSize } from '@takt/nn'
import { decodeSafetensors } from '@takt/onnx'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { evaluate } from '../test/evaluate.ts'
import { meanSquare } from './pixel-prediction.ts'
import { declareVideoMae, type VideoMaeSpec, videoMaeOutputs } from './video-mae.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

/** The sizes in golden/video_mae.py. */
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
const golden = decodeSafetensors(await readFile(new URL('../golden/video-mae.safetensors', import.meta.url))).tensors

test('loss and every gradient of a VideoMAE step are those of PyTorch in float64 to within 1e-5', async () => {
  const weights = namesBelow('weight.', golden)
  const feeds: Record<string, TensorValue> = {
    ...weights,
    frames: golden.frames!,
    visible: golden.visible!,
    hidden: golden.hidden!,
  }
  const { frames, visible, hidden, ...parameters } = mapNamed(feeds, (value, name) => input(name, value))
  const clips = { frames: frames!, visible: visible!, hidden: hidden! }
  const loss = meanSquare(videoMaeOutputs(declareVideoMae(leafOf(parameters), spec), clips, spec))
  const found = await evaluate(runtime, { loss, ...prefixNames('gradient.', namedGradients(loss, parameters)) }, feeds)

  const [expectedLoss] = toNumbers(golden.loss!)
  expect(Math.abs(found.loss![0]! / expectedLoss! - 1)).toBeLessThan(1e-6)
  const expected = mapNamed(namesBelow('gradient.', golden), toNumbers)
  expect(Object.keys(expected).toSorted()).toEqual(Object.keys(weights).toSorted())
  for (const [name, numbers] of Object.entries(expected)) {
    const differences = numbers.map((number, i) => number - found[`gradient.${name}`]![i]!)
    expect(Math.hypot(...differences) / Math.hypot(...numbers), name).toBeLessThan(1e-5)
  }
})
