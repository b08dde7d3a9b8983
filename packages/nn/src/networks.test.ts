import { constant, float32, input, type Shape, type Tensor, type TensorValue, tensorValue } from '@takt/graph'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { evaluate } from '../test/evaluate.ts'
import { smallEncoder as spec } from '../test/small-encoder.ts'
import { initialParameters } from './encoder-model.ts'
import { block, declareBlock } from './layers/block.ts'
import { dropTokens, gatherTokens, prependTokens } from './layers/tokens.ts'
import { mapNamed, type Named } from './named.ts'
import { initialLeaf, type Leaf, leafOf, namedLeaves } from './parameters.ts'
import { declarePredictor, predictor } from './predictor.ts'
import { declareVideoVit, tokenCount, videoPositions, videoVit, visibleVideoVit } from './video-vit.ts'
import { declareVit, type VitSpec, vit } from './vit.ts'
import { vitSizes } from './vit-sizes.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

const constants = (values: Named<TensorValue>): Named<Tensor> => mapNamed(values, value => constant(value))
/** The tree's tensors at their first values. */
const initialised = <T>(declare: <L>(leaf: Leaf<L>) => T, seed = 1) =>
  leafOf(constants(namedLeaves<TensorValue>(leaf => declare(leaf), initialLeaf(seed))))
const indices = (...rows: readonly (readonly number[])[]) =>
  constant(tensorValue({ dtype: 'int64', shape: [rows.length, rows[0]!.length] }, rows.flat()))
const rowsOf = (numbers: readonly number[], width: number) =>
  Array.from({ length: numbers.length / width }, (_, i) => numbers.slice(i * width, (i + 1) * width))
const near = (numbers: readonly number[]) => numbers.map(number => expect.closeTo(number, 4))

describe('tokens', () => {
  const x = constant(float32([2, 2, 1], [1, 2, 3, 4]))

  test('learnt tokens stand before every sequence, and can be dropped again', async () => {
    const longer = prependTokens(constant(float32([2, 1], [8, 9])), x)
    expect(await evaluate(runtime, { longer, x: dropTokens(longer, 2) })).toEqual({
      longer: [8, 9, 1, 2, 8, 9, 3, 4],
      x: [1, 2, 3, 4],
    })
  })

  test('each sequence gives the rows that its own indices name', async () => {
    const rows = constant(float32([6, 1], [0, 1, 2, 10, 11, 12]))
    expect(await evaluate(runtime, { y: gatherTokens(rows, indices([2, 0], [1, 2]), 3) })).toEqual({
      y: [2, 0, 11, 12],
    })
  })
})

test('a block whose layer scales are zero changes nothing; at 1 it is a block without them', async () => {
  const dim = 8
  const sequences = { batch: 1, tokens: 3, heads: 2 }
  const x = constant(
    float32(
      [3, dim],
      Array.from({ length: 3 * dim }, (_, i) => Math.sin(i)),
    ),
  )
  const y = (layerScale?: number) => {
    const leaf = initialised(leaf => declareBlock(leaf, { dim, layerScale }))
    return block(declareBlock(leaf, { dim, layerScale }), x, sequences)
  }
  const found = await evaluate(runtime, { x, still: y(0), whole: y(1), plain: y() })
  expect(found.still).toEqual(found.x)
  expect(found.whole).toEqual(found.plain)
  expect(found.plain).not.toEqual(found.x)
})

const frames = tensorValue(
  { dtype: 'uint8', shape: [2, 4, 16, 16, 3] },
  Array.from({ length: 2 * 4 * 16 * 16 * 3 }, (_, i) => (i * i) % 251),
)

test('an encoder that sees every token is the encoder; in another order, its rows are in that order', async () => {
  const parameters = declareVideoVit(leafOf(constants(initialParameters(spec, 1))), spec)
  const clips = constant(frames)
  const see = (...visible: readonly (readonly number[])[]) =>
    visibleVideoVit(parameters, { frames: clips, visible: indices(...visible) }, spec)
  const inOrder = [0, 1, 2, 3, 4, 5, 6, 7]
  const found = await evaluate(runtime, {
    whole: videoVit(parameters, clips, spec),
    all: see(inOrder, inOrder),
    reversed: see(inOrder.toReversed(), inOrder),
    few: see([0, 1], [0, 1]),
  })
  const whole = rowsOf(found.whole!, spec.dim)
  expect(tokenCount(spec)).toBe(8)
  expect(found.all).toEqual(near(whole.flat()))
  expect(found.reversed).toEqual(near([...whole.slice(0, 8).toReversed(), ...whole.slice(8)].flat()))
  expect(found.few).not.toEqual(near([...whole.slice(0, 2), ...whole.slice(8, 10)].flat()))
})

test('a predictor answers by position: seen tokens in any order, hidden ones in the order asked', async () => {
  const sizes = { inputs: 4, dim: 8, depth: 2, heads: 2, outputs: 3 }
  const parameters = declarePredictor(
    initialised(leaf => declarePredictor(leaf, sizes)),
    sizes,
  )
  const positions = constant(videoPositions(spec, sizes.dim))
  const rows = [
    [1, 2, 3, 4],
    [-4, 3, 2, -1],
    [0, 5, 1, 1],
  ]
  const ask = (visible: readonly number[], hidden: readonly number[]) =>
    predictor(
      parameters,
      {
        encoded: constant(
          float32(
            [3, 4],
            visible.flatMap(i => rows[i]!),
          ),
        ),
        visible: indices(visible),
        hidden: indices(hidden),
        positions,
      },
      sizes,
    )
  const found = await evaluate(runtime, {
    asked: ask([0, 1, 2], [5, 7]),
    turned: ask([2, 0, 1], [7, 5]),
  })
  const [fifth, seventh] = rowsOf(found.asked!, sizes.outputs)
  expect(found.turned).toEqual(near([...seventh!, ...fifth!]))
  expect(fifth).not.toEqual(near(seventh!))
})

describe('an image ViT', () => {
  // Of timm's models without a head, less their learnt positions [197, dim].
  test.each([
    ['Ti', 5_524_416 - 197 * 192],
    ['S', 21_665_664 - 197 * 384],
    ['B', 85_798_656 - 197 * 768],
  ] as const)('of size %s has %d parameters, as published', (size, count) => {
    const shapes = namedLeaves<Shape>(
      leaf => declareVit(leaf, { ...vitSizes[size], patch: 16, registers: 0 }),
      ({ shape }) => shape,
    )
    const sizes = Object.values(shapes).map(shape => shape.reduce((product, side) => product * side, 1))
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(count)
  })

  test('gives a class token and patches, without its registers, for crops of several sizes', () => {
    const small: VitSpec = { dim: 16, depth: 1, heads: 2, patch: 8, registers: 4, layerScale: 1e-5 }
    const parameters = declareVit(
      initialised(leaf => declareVit(leaf, small)),
      small,
    )
    for (const size of [16, 32]) {
      const images = input('images', { dtype: 'float32', shape: [2, size, size, 3] })
      const { classToken, patches } = vit(parameters, images, small)
      expect(classToken.shape).toEqual([2, 1, 16])
      expect(patches.shape).toEqual([2, (size / 8) ** 2, 16])
    }
  })
})
