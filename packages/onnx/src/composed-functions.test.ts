import {
  adjustBrightness,
  adjustContrast,
  adjustSaturation,
  batchNorm,
  cast,
  conv1d,
  input,
  l2Normalise,
  oneHot,
  rotateHue,
  type Shape,
  sampleAffine,
  type Tensor,
  tensorValue,
  traceGraph,
} from '@takt/graph'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { gradientError } from '../test/gradient-error.ts'
import { at, fill, largestError, type Numbers, ramp, sum } from '../test/plain-tensors.ts'
import { runGraph } from '../test/run-model.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

interface Case {
  readonly result: (a: Tensor, b: Tensor, c: Tensor) => Tensor
  readonly leaves: readonly { readonly shape: Shape; readonly numbers: readonly number[] }[]
  readonly reference: (a: Numbers, b: Numbers, c: Numbers) => readonly number[]
}

const leaf = (shape: Shape, from = 0) => ({ shape, numbers: ramp(shape, from) })
const given = (shape: Shape, numbers: readonly number[]) => ({ shape, numbers })
const within = (x: number, low = 0, high = 1) => Math.min(Math.max(x, low), high)

/** Two clips of four colours each, between .05 and .95. */
const P = [2, 4, 3]
const colours = given(
  P,
  ramp(P).map(x => 0.5 + 0.225 * x),
)
const luma = (x: Numbers, b: number, i: number) => sum(3, c => [0.299, 0.587, 0.114][c]! * at(x, P, [b, i, c]))

const X = [2, 3, 7]
const W = [2, 3, 3]
/** Two clips of two frames of 3×4 pixels with 2 channels. */
const F = [2, 2, 3, 4, 2]
/** A turn with a zoom, and a mirror with a shift that leaves the frame. */
const transforms = given([2, 2, 3], [0.7, -0.3, 0.11, 0.25, 0.6, -0.07, -1, 0.1, 0.53, 0.05, 0.9, -0.31])

const cases: Readonly<Record<string, Case>> = {
  'conv1d with dilation, padded before and after': {
    result: (x, w) => conv1d(x, w, { dilation: 2, before: 3, after: 1 }),
    leaves: [leaf(X), leaf(W, 20)],
    reference: (x, w) =>
      fill([2, 2, 7], (b, o, t) =>
        sum(3, c =>
          sum(3, k => {
            const time = t + 2 * k - 3
            return time < 0 || time > 6 ? 0 : at(w, W, [o, c, k]) * at(x, X, [b, c, time])
          }),
        ),
      ),
  },
  'conv1d of one tap': {
    result: (x, w) => conv1d(x, w),
    leaves: [leaf(X), leaf([2, 3, 1], 20)],
    reference: (x, w) => fill([2, 2, 7], (b, o, t) => sum(3, c => w[3 * o + c]! * at(x, X, [b, c, t]))),
  },
  'batchNorm over all but the last axis': {
    result: (x, scale, bias) => batchNorm([x, scale, bias], { axes: [0], epsilon: 1e-5 }).y,
    leaves: [leaf([5, 2]), leaf([2], 10), leaf([2], 20)],
    reference: (x, scale, bias) =>
      fill([5, 2], (i, j) => {
        const mu = sum(5, k => x[2 * k + j]!) / 5
        const variance = sum(5, k => (x[2 * k + j]! - mu) ** 2) / 5
        return ((x[2 * i + j]! - mu) / Math.sqrt(variance + 1e-5)) * scale[j]! + bias[j]!
      }),
  },
  l2Normalise: {
    result: x => l2Normalise(x),
    leaves: [leaf([3, 4])],
    reference: x => fill([3, 4], (i, j) => x[4 * i + j]! / Math.hypot(...fill([4], k => x[4 * i + k]!))),
  },
  adjustBrightness: {
    result: adjustBrightness,
    leaves: [colours, given([2], [0.6, 1.5])],
    reference: (x, factor) => fill(P, (b, i, c) => within(at(x, P, [b, i, c]) * factor[b]!)),
  },
  adjustContrast: {
    result: adjustContrast,
    leaves: [colours, given([2], [0.6, 1.5])],
    reference: (x, factor) =>
      fill(P, (b, i, c) => {
        const mean = sum(4, k => luma(x, b, k)) / 4
        return within(mean + (at(x, P, [b, i, c]) - mean) * factor[b]!)
      }),
  },
  adjustSaturation: {
    result: adjustSaturation,
    leaves: [colours, given([2], [0.6, 1.5])],
    reference: (x, factor) =>
      fill(P, (b, i, c) => within(luma(x, b, i) + (at(x, P, [b, i, c]) - luma(x, b, i)) * factor[b]!)),
  },
  'rotateHue by a third of a turn, and by none': {
    result: rotateHue,
    leaves: [colours, given([2], [(2 * Math.PI) / 3, 0])],
    reference: x => fill(P, (b, i, c) => at(x, P, [b, i, b === 0 ? (c + 2) % 3 : c])),
  },
  sampleAffine: {
    result: (frames, transform) => sampleAffine(frames, transform, { height: 2, width: 5 }),
    leaves: [leaf(F), transforms],
    reference: (frames, transform) =>
      fill([2, 2, 2, 5, 2], (b, f, i, j, c) => {
        const point = [(2 * j + 1) / 5 - 1, (2 * i + 1) / 2 - 1, 1]
        const source = (row: number) => sum(3, k => at(transform, [2, 2, 3], [b, row, k]) * point[k]!)
        const x = within(((source(0) + 1) * 4 - 1) / 2, 0, 3)
        const y = within(((source(1) + 1) * 3 - 1) / 2, 0, 2)
        return sum(3, row =>
          sum(4, column => {
            const weight = Math.max(0, 1 - Math.abs(x - column)) * Math.max(0, 1 - Math.abs(y - row))
            return weight * at(frames, F, [b, f, row, column, c])
          }),
        )
      }),
  },
}

describe.each(Object.entries(cases))('%s', (_, { result, leaves, reference }) => {
  const named = leaves.map((leaf, i) => ({ name: 'abc'[i]!, ...leaf }))

  test('gives the value of its formula', async () => {
    const tensors = named.map(({ name, shape }) => input(name, { dtype: 'float64', shape }))
    const graph = traceGraph({ y: result(...(tensors as [Tensor, Tensor, Tensor])) })
    const feeds = named.map(({ name, shape, numbers }) => [name, tensorValue({ dtype: 'float64', shape }, numbers)])
    const [outputs] = await runGraph(runtime, graph, [Object.fromEntries(feeds)])
    const expected = reference(
      ...(leaves.map(({ numbers }) => numbers) as readonly Numbers[] as readonly [Numbers, Numbers, Numbers]),
    )
    expect(largestError(outputs!.y!.data as Float64Array, expected)).toBeLessThan(1e-12)
  })

  test('has the gradient of central differences', async () => {
    const build = result as (...tensors: readonly Tensor[]) => Tensor
    expect(await gradientError(runtime, named, build)).toBeLessThan(1e-7)
  })
})

test('oneHot marks each index, and nothing for one out of range', async () => {
  const indices = input('indices', { dtype: 'int64', shape: [3] })
  const feed = { indices: tensorValue({ dtype: 'int64', shape: [3] }, [2, 0, 3]) }
  const [outputs] = await runGraph(runtime, traceGraph({ y: oneHot(indices, 3) }), [feed])
  expect(outputs?.y).toEqual(tensorValue({ dtype: 'float32', shape: [3, 3] }, [0, 0, 1, 1, 0, 0, 0, 0, 0]))
})

test('l2Normalise of zeros is zeros', async () => {
  const x = input('x', { dtype: 'float32', shape: [2] })
  const zeros = tensorValue({ dtype: 'float32', shape: [2] }, [0, 0])
  const [outputs] = await runGraph(runtime, traceGraph({ y: l2Normalise(x) }), [{ x: zeros }])
  expect(outputs?.y).toEqual(zeros)
})

test('sampleAffine takes bytes and gives the numbers that it would of floats', async () => {
  const shape = [1, 1, 2, 2, 1]
  const frames = input('frames', { dtype: 'uint8', shape })
  const transform = input('transform', { dtype: 'float32', shape: [1, 2, 3] })
  const size = { height: 3, width: 3 }
  const graph = traceGraph({
    ofBytes: sampleAffine(frames, transform, size),
    ofFloats: sampleAffine(cast(frames, 'float32'), transform, size),
  })
  const feed = {
    frames: tensorValue({ dtype: 'uint8', shape }, [10, 20, 30, 255]),
    transform: tensorValue({ dtype: 'float32', shape: [1, 2, 3] }, [0.9, 0.1, 0, -0.2, 0.8, 0.1]),
  }
  const [outputs] = await runGraph(runtime, graph, [feed])
  expect(outputs?.ofBytes).toEqual(outputs?.ofFloats)
})
