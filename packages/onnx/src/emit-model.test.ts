import {
  cast,
  type DType,
  float32,
  gelu,
  gemm,
  input,
  parameter,
  reshape,
  type Shape,
  scalar,
  softmax,
  traceGraph,
} from '@takt/graph'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ramp } from '../test/plain-tensors.ts'
import { emitModel, lowerGraph } from './emit-model.ts'
import { fromFloat32 } from './float16.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

const tensor = (name: string, shape: Shape, dtype: DType = 'float32') => input(name, { dtype, shape })

test('one tensor can be returned under several names, and every element type passes', async () => {
  const bytes = tensor('bytes', [2], 'uint8')
  const wide = cast(bytes, 'int64')
  const half = cast(bytes, 'float16')
  const session = await runtime.load(emitModel(traceGraph({ bytesAgain: bytes, wide, half, also: half }), {}))
  const outputs = await runtime.run(session, { bytes: { dtype: 'uint8', shape: [2], data: Uint8Array.of(1, 255) } })
  const halves = { dtype: 'float16', shape: [2], data: fromFloat32(Float32Array.of(1, 255)) }
  expect(outputs).toEqual({
    bytesAgain: { dtype: 'uint8', shape: [2], data: Uint8Array.of(1, 255) },
    wide: { dtype: 'int64', shape: [2], data: BigInt64Array.of(1n, 255n) },
    half: halves,
    also: halves,
  })
})

test('a lowered graph names its operators after the printed graph, and results by their public names', () => {
  const x = tensor('x', [2, 3])
  const weight = parameter('weight', { dtype: 'float32', shape: [4, 3] })
  const graph = traceGraph({ y: softmax(reshape(gemm([x, weight, scalar(0.5)], { transposeB: true }), [8])) })
  const { nodes, initializers, inputs, outputs } = lowerGraph(graph, { weight: float32([4, 3], ramp([4, 3])) })
  expect(nodes).toMatchInlineSnapshot(`
    [
      {
        "attributes": {
          "transA": 0,
          "transB": 1,
        },
        "inputs": [
          "x",
          "weight",
          "%0",
        ],
        "name": "gemm %1",
        "outputs": [
          "%1",
        ],
        "type": "Gemm",
      },
      {
        "attributes": {},
        "inputs": [
          "%1",
          "%2%shape",
        ],
        "name": "reshape %2",
        "outputs": [
          "%2",
        ],
        "type": "Reshape",
      },
      {
        "attributes": {
          "axis": 0,
        },
        "inputs": [
          "%2",
        ],
        "name": "softmax y",
        "outputs": [
          "y",
        ],
        "type": "Softmax",
      },
    ]
  `)
  expect(initializers.map(({ name, value }) => `${name} ${value.dtype}[${value.shape}]`)).toMatchInlineSnapshot(`
    [
      "weight float32[4,3]",
      "%0 float32[]",
      "%2%shape int64[1]",
    ]
  `)
  expect(inputs.map(({ name }) => name)).toEqual(['x'])
  expect(outputs.map(({ name }) => name)).toEqual(['y'])
})

test('the same graph gives the same bytes', () => {
  const model = () => emitModel(traceGraph({ y: gelu(tensor('x', [2])) }), {})
  expect(model()).toEqual(model())
})

test('a parameter without a value, or of another type, is refused', () => {
  const graph = traceGraph({ y: parameter('toString', { dtype: 'float32', shape: [2] }) })
  expect(() => emitModel(graph, {})).toThrow('parameter "toString" of float32[2] has no value')
  expect(() => emitModel(graph, { toString: float32([3], [1, 2, 3]) } as never)).toThrow(
    'parameter "toString" must be float32[2], not float32[3]',
  )
})
