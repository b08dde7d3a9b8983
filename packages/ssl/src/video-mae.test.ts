import { input, type TensorValue, tensorValue } from '@takt/graph'
import { initialLeaf, leafOf, mapNamed, namedLeaves, tubeletSize } from '@takt/nn'
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

/** 2 times of 2 × 2 places. */
const spec: VideoMaeSpec = {
  encoder: {
    architecture: 'video-vit',
    inputSize: 8,
    frames: 4,
    tubelet: 2,
    patch: 4,
    dim: 16,
    depth: 1,
    heads: 2,
    grid: 2,
  },
  decoder: { inputs: 16, dim: 8, depth: 1, heads: 1, outputs: tubeletSize({ tubelet: 2, patch: 4 }) },
}
const weights = namedLeaves<TensorValue>(leaf => declareVideoMae(leaf, spec), initialLeaf(1))
const indices = (...row: readonly number[]) => tensorValue({ dtype: 'int64', shape: [1, row.length] }, row)

/** Outputs of a clip whose first and last places are seen; `brightened` is a pixel [frame, row, column]. */
async function outputs(brightened?: readonly [number, number, number]) {
  const pixels = Array.from({ length: 4 * 8 * 8 * 3 }, (_, i) => (i * 37) % 200)
  if (brightened) {
    const [frame, row, column] = brightened
    pixels[((frame * 8 + row) * 8 + column) * 3]! += 50
  }
  const frames = tensorValue({ dtype: 'uint8', shape: [1, 4, 8, 8, 3] }, pixels)
  const feeds = { ...weights, frames, visible: indices(0, 3, 4, 7), hidden: indices(1, 2, 5, 6) }
  const { frames: fed, visible, hidden, ...parameters } = mapNamed(feeds, (value, name) => input(name, value))
  const tree = declareVideoMae(leafOf(parameters), spec)
  return evaluate(
    runtime,
    { ...videoMaeOutputs(tree, { frames: fed!, visible: visible!, hidden: hidden! }, spec) },
    feeds,
  )
}

test('a pixel that is seen changes predictions and no target', async () => {
  const [plain, changed] = [await outputs(), await outputs([0, 0, 0])]
  expect(changed.target).toEqual(plain.target)
  expect(changed.predicted).not.toEqual(plain.predicted)
})

test('a hidden pixel changes the target of its tubelet and no prediction', async () => {
  const [plain, changed] = [await outputs(), await outputs([0, 0, 4])]
  expect(changed.predicted).toEqual(plain.predicted)
  const size = spec.decoder.outputs
  expect(changed.target!.slice(0, size)).not.toEqual(plain.target!.slice(0, size))
  expect(changed.target!.slice(size)).toEqual(plain.target!.slice(size))
})

test('the loss is the mean of all squared differences', async () => {
  const rows = (...numbers: readonly number[]) => tensorValue({ dtype: 'float32', shape: [2, 2] }, numbers)
  const feeds = { predicted: rows(1, 2, 3, 4), target: rows(1, 0, 3, 7) }
  const { predicted, target } = mapNamed<TensorValue, ReturnType<typeof input>>(feeds, (value, name) =>
    input(name, value),
  )
  // (0 + 4 + 0 + 9) / 4
  expect(
    (await evaluate(runtime, { loss: meanSquare({ predicted: predicted!, target: target! }) }, feeds)).loss,
  ).toEqual([3.25])
})
