import {
  add,
  cast,
  constant,
  type DType,
  div,
  elementCount,
  float32,
  gelu,
  gemm,
  input,
  layerNorm,
  matmul,
  mean,
  mul,
  type Operator,
  parameter,
  reshape,
  type Shape,
  scalar,
  slice,
  softmax,
  sub,
  type Tensor,
  traceGraph,
  transpose,
} from '@takt/graph'
import { openRuntime, type Runtime, type Tensors } from '@takt/runtime'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { emitModel, lowerGraph } from './emit-model.ts'
import { fromFloat32, toFloat32 } from './float16.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

/** Numbers between −2 and 2 that no symmetry of an operator maps onto each other. */
function ramp(shape: Shape, from = 0): Float32Array {
  return Float32Array.from({ length: elementCount(shape) }, (_, i) => 2 * Math.sin(1.7 * (i + from) + 0.3))
}

const tensor = (name: string, shape: Shape, dtype: DType = 'float32') => input(name, { dtype, shape })

/** Index of an element by its coordinates, row-major. */
const at = (shape: Shape, index: readonly number[]) => index.reduce((offset, i, axis) => offset * shape[axis]! + i, 0)

/** The coordinates of every element of a shape, row-major. */
function* indices(shape: Shape): Generator<readonly number[]> {
  for (let offset = 0; offset < elementCount(shape); offset++) {
    let rest = offset
    yield shape.map((size, axis) => {
      const stride = elementCount(shape.slice(axis + 1))
      const i = Math.floor(rest / stride) % size
      rest %= stride
      return i
    })
  }
}

const fill = (shape: Shape, f: (...index: number[]) => number) => Array.from(indices(shape), index => f(...index))
const sum = (count: number, f: (i: number) => number) =>
  Array.from({ length: count }, (_, i) => f(i)).reduce((a, b) => a + b, 0)

/** erf by its Maclaurin series, exact to 1e-12 for |x| < 3. */
const erf = (x: number) => {
  let [term, total] = [x, x]
  for (let n = 1; n < 60; n++) {
    term *= -(x * x) / n
    total += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * total
}

interface Case {
  readonly result: (a: Tensor, b: Tensor, c: Tensor) => Tensor
  readonly shapes: readonly [Shape, Shape?, Shape?]
  /** The operator's formula on plain numbers, row-major. */
  readonly reference: (a: Float32Array, b: Float32Array, c: Float32Array) => readonly number[]
}

const [A, B] = [
  [2, 3, 4],
  [3, 1],
] as const
const elementwise = (f: (a: number, b: number) => number) => (a: Float32Array, b: Float32Array) =>
  fill(A, (i, j, k) => f(a[at(A, [i, j, k])]!, b[j]!))

/** A value test an operator; the record does not compile without one. */
const cases: { readonly [O in Operator]: Case } = {
  input: { result: a => a, shapes: [[3]], reference: a => [...a] },
  parameter: {
    result: a => add(a, parameter('shift', { dtype: 'float32', shape: [3] })),
    shapes: [[3]],
    reference: a => fill([3], i => a[i]! + [10, 20, 30][i]!),
  },
  constant: {
    result: a => mul(a, constant(float32([3], [1, 2, 4]))),
    shapes: [[2, 3]],
    reference: a => fill([2, 3], (i, j) => a[3 * i + j]! * 2 ** j),
  },
  cast: {
    result: a => cast(cast(a, 'float16'), 'float32'),
    shapes: [[5]],
    reference: a => [...toFloat32(fromFloat32(a))],
  },
  add: { result: add, shapes: [A, B], reference: elementwise((a, b) => a + b) },
  sub: { result: sub, shapes: [A, B], reference: elementwise((a, b) => a - b) },
  mul: { result: mul, shapes: [A, B], reference: elementwise((a, b) => a * b) },
  div: { result: div, shapes: [A, B], reference: elementwise((a, b) => a / b) },
  matmul: {
    result: matmul,
    shapes: [
      [2, 1, 2, 3],
      [4, 3, 2],
    ],
    reference: (a, b) =>
      fill([2, 4, 2, 2], (g, h, i, j) => sum(3, k => a[at([2, 2, 3], [g, i, k])]! * b[at([4, 3, 2], [h, k, j])]!)),
  },
  gemm: {
    result: (a, b, c) => gemm([a, b, c], { transposeA: true, transposeB: true }),
    shapes: [[3, 2], [4, 3], [4]],
    reference: (a, b, c) => fill([2, 4], (i, j) => sum(3, k => a[2 * k + i]! * b[3 * j + k]!) + c[j]!),
  },
  softmax: {
    result: a => softmax(a, 0),
    shapes: [[3, 2]],
    reference: a => fill([3, 2], (i, j) => Math.exp(a[2 * i + j]!) / sum(3, k => Math.exp(a[2 * k + j]!))),
  },
  gelu: {
    result: gelu,
    shapes: [[20]],
    reference: a => fill([20], i => (a[i]! / 2) * (1 + erf(a[i]! / Math.SQRT2))),
  },
  layerNorm: {
    result: (a, b, c) => layerNorm([a, b, c], 1e-2),
    shapes: [[2, 4], [4], [4]],
    reference: (a, b, c) =>
      fill([2, 4], (i, j) => {
        const average = sum(4, k => a[4 * i + k]!) / 4
        const variance = sum(4, k => (a[4 * i + k]! - average) ** 2) / 4
        return ((a[4 * i + j]! - average) / Math.sqrt(variance + 1e-2)) * b[j]! + c[j]!
      }),
  },
  mean: {
    result: a => mean(a, [0, 2]),
    shapes: [A],
    reference: a => fill([3], j => sum(2, i => sum(4, k => a[at(A, [i, j, k])]!)) / 8),
  },
  reshape: { result: a => reshape(a, [4, 6]), shapes: [A], reference: a => [...a] },
  transpose: {
    result: a => transpose(a, [2, 0, 1]),
    shapes: [A],
    reference: a => fill([4, 2, 3], (k, i, j) => a[at(A, [i, j, k])]!),
  },
  slice: {
    result: a => slice(a, { axis: 1, start: 1, end: 3 }),
    shapes: [A],
    reference: a => fill([2, 2, 4], (i, j, k) => a[at(A, [i, j + 1, k])]!),
  },
}

/** Float32 arithmetic in another order than the reference's. */
const TOLERANCE = 2e-6

describe('each operator gives the value of its formula in the runtime', () => {
  test.each(Object.entries(cases))('%s', async (_, { result, shapes, reference }) => {
    const names = ['a', 'b', 'c']
    const used = shapes.map((shape = [], i) => ({ name: names[i]!, shape, data: ramp(shape, 10 * i) }))
    const leaves = used.map(({ name, shape }) => tensor(name, shape))
    const y = result(...(leaves as [Tensor, Tensor, Tensor]))
    const shift = float32([3], [10, 20, 30])
    const outputs = await run(emitModel(traceGraph({ y }), { shift }), used)
    expect(outputs.y?.shape).toEqual(y.shape)
    const expected = reference(...(used.map(({ data }) => data) as [Float32Array, Float32Array, Float32Array]))
    expect(largestError(outputs.y!.data as Float32Array, expected)).toBeLessThan(TOLERANCE)
  })
})

interface Fed {
  readonly name: string
  readonly shape: Shape
  readonly data: Float32Array
}

async function run(model: Uint8Array, inputs: readonly Fed[]): Promise<Tensors> {
  const session = await runtime.load(model)
  const feeds = inputs.map(({ name, shape, data }) => [name, { dtype: 'float32', shape, data }] as const)
  const outputs = await runtime.run(session, Object.fromEntries(feeds))
  await runtime.unload(session)
  return outputs
}

function largestError(found: Float32Array, expected: readonly number[]): number {
  expect(found).toHaveLength(expected.length)
  return Math.max(...expected.map((value, i) => Math.abs(value - found[i]!)))
}

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

test('a lowered graph names its operators after the printed graph', () => {
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
        "output": "%1",
        "type": "Gemm",
      },
      {
        "attributes": {},
        "inputs": [
          "%1",
          "%2.shape",
        ],
        "name": "reshape %2",
        "output": "%2",
        "type": "Reshape",
      },
      {
        "attributes": {
          "axis": 0,
        },
        "inputs": [
          "%2",
        ],
        "name": "softmax %3",
        "output": "%3",
        "type": "Softmax",
      },
      {
        "attributes": {},
        "inputs": [
          "%3",
        ],
        "name": "output y",
        "output": "y",
        "type": "Identity",
      },
    ]
  `)
  expect(initializers.map(({ name, value }) => `${name} ${value.dtype}[${value.shape}]`)).toMatchInlineSnapshot(`
    [
      "weight float32[4,3]",
      "%0 float32[]",
      "%2.shape int64[1]",
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
