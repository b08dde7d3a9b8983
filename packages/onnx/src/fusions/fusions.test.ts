import {
  cast,
  constant,
  float32,
  type Graph,
  gelu,
  gemm,
  input,
  matmul,
  mul,
  parameter,
  reshape,
  type Shape,
  scalar,
  slice,
  softmax,
  sub,
  type Tensor,
  type TensorValue,
  toNumbers,
  traceGraph,
  transpose,
} from '@takt/graph'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { largestError, ramp } from '../../test/plain-tensors.ts'
import { emitModel, lowerGraph, type NamedTensors } from '../emit-model.ts'
import { fuseAttention } from './attention.ts'
import type { Fuse } from './fusion.ts'
import { fuseQuantisedBytes, fuseQuantisedLinear } from './quantised-linear.ts'
import { fuseStandardisedLinear } from './standardised-linear.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

const values = (shape: Shape, from = 0): TensorValue => float32(shape, ramp(shape, from))
const tensor = (name: string, shape: Shape) => input(name, { dtype: 'float32', shape })
const types = (graph: Graph, parameters: NamedTensors, fuses: readonly Fuse[]) =>
  lowerGraph(graph, parameters, fuses)
    .nodes.map(({ type }) => type)
    .filter(type => type !== 'Identity')

/** The largest difference that fusing makes to y. */
async function difference(graph: Graph, parameters: NamedTensors, fuses: readonly Fuse[], feeds: NamedTensors) {
  const [plain, fused] = [[], fuses].map(async chosen => {
    const session = await runtime.load(emitModel(graph, parameters, chosen))
    const { y } = await runtime.run(session, feeds)
    await runtime.unload(session)
    return toNumbers(y as TensorValue)
  }) as [Promise<readonly number[]>, Promise<readonly number[]>]
  return largestError(await fused, await plain)
}

const [batch, tokens, heads, headDim] = [2, 5, 3, 8]
interface Parts {
  readonly order?: readonly [query: number, key: number, value: number]
  readonly axis?: number
  readonly scale?: Tensor
}

/** Attention over packed queries, keys and values, as a block writes it. */
function attend(x: Tensor, { order = [0, 1, 2], axis = 3, scale = scalar(0.4) }: Parts = {}): Tensor {
  const packed = transpose(reshape(x, [batch, tokens, 3, heads, headDim]), [2, 0, 3, 1, 4])
  const part = (i: number) => reshape(slice(packed, { axis: 0, start: i, end: i + 1 }), [batch, heads, tokens, headDim])
  const [query, key, value] = order.map(part) as [Tensor, Tensor, Tensor]
  const weights = softmax(matmul(mul(query, scale), transpose(key, [0, 1, 3, 2])), axis)
  return reshape(transpose(matmul(weights, value), [0, 2, 1, 3]), [batch * tokens, heads * headDim])
}

test('attention over packed queries, keys and values is one operator with the same value', async () => {
  const x = tensor('x', [batch * tokens, 3 * heads * headDim])
  const graph = traceGraph({ y: attend(x) })
  expect(types(graph, {}, [fuseAttention])).toEqual(['Reshape', 'Split', 'Attention', 'Reshape'])
  expect(await difference(graph, {}, [fuseAttention], { x: values(x.shape) })).toBeLessThan(1e-6)
})

test.each<[string, Parts]>([
  ['keys in the place of queries', { order: [1, 0, 2] }],
  ['weights over the queries', { axis: 2 }],
  ['a scale that is computed', { scale: tensor('scale', []) }],
])('with %s it is left as it is', (_, parts) => {
  const graph = traceGraph({ y: attend(tensor('x', [batch * tokens, 3 * heads * headDim]), parts) })
  expect(types(graph, {}, [fuseAttention])).not.toContain('Attention')
})

const weight = parameter('weight', { dtype: 'float32', shape: [4, 6] })
const bias = parameter('bias', { dtype: 'float32', shape: [4] })
const parameters = { weight: values([4, 6]), bias: values([4], 30) }
const linear = (x: Tensor) => gemm([x, weight, bias], { transposeB: true })
const bytes = input('bytes', { dtype: 'uint8', shape: [5, 6] })
const pixels: NamedTensors = {
  bytes: { dtype: 'uint8', shape: [5, 6], data: Uint8Array.from({ length: 30 }, (_, i) => (i * 89) % 256) },
}
const standardised = (x: Tensor) =>
  sub(
    mul(
      cast(x, 'float32'),
      constant(
        float32(
          [6],
          [4, 5, 6, 7, 8, 9].map(k => k / 1000),
        ),
      ),
    ),
    constant(values([6])),
  )

test('a linear layer scales and shifts its columns by its own weights', async () => {
  const graph = traceGraph({ y: linear(standardised(bytes)) })
  expect(types(graph, parameters, [fuseStandardisedLinear])).toEqual(['Cast', 'Gemm'])
  expect(await difference(graph, parameters, [fuseStandardisedLinear], pixels)).toBeLessThan(1e-5)
})

test('a layer whose columns are not standardised, or that holds no weights, keeps them', () => {
  const plain = traceGraph({ y: linear(tensor('x', [5, 6])) })
  expect(lowerGraph(plain, parameters, [fuseStandardisedLinear])).toEqual(lowerGraph(plain, parameters))
  const learnt = gemm([standardised(bytes), tensor('w', [4, 6]), bias], { transposeB: true })
  const graph = traceGraph({ y: learnt })
  expect(lowerGraph(graph, parameters, [fuseStandardisedLinear])).toEqual(lowerGraph(graph, parameters))
})

test('in int8 a layer rounds rows and weights, and is off by less than a tenth', async () => {
  const x = tensor('x', [5, 6])
  const graph = traceGraph({ y: linear(gelu(x)) })
  expect(types(graph, parameters, [fuseQuantisedLinear])).toEqual(['Gelu', 'DynamicQuantizeMatMul'])
  const error = await difference(graph, parameters, [fuseQuantisedLinear], { x: values(x.shape) })
  expect(error).toBeGreaterThan(0)
  expect(error).toBeLessThan(0.1)
})

test('in int8 bytes are multiplied as they are', async () => {
  const graph = traceGraph({ y: linear(standardised(bytes)) })
  expect(types(graph, parameters, [fuseQuantisedBytes])).toEqual(['MatMulIntegerToFloat'])
  expect(await difference(graph, parameters, [fuseQuantisedBytes], pixels)).toBeLessThan(0.05)
})

test('the largest activations beside the largest weights do not saturate', async () => {
  const shape = [4, 256]
  const large = { weight: float32(shape, new Float32Array(1024).fill(1)), bias: values([4]) }
  const x = tensor('x', [3, 256])
  const y = gemm([x, parameter('weight', { dtype: 'float32', shape }), bias], { transposeB: true })
  const feeds = { x: float32([3, 256], new Float32Array(768).fill(1)) }
  expect(await difference(traceGraph({ y }), large, [fuseQuantisedLinear], feeds)).toBeLessThan(1e-3)
})
