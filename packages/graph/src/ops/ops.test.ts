import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { traceGraph } from '../graph.ts'
import { printGraph } from '../print-graph.ts'
import { rebuild } from '../rules.ts'
import type { Inputs, Operator, Tensor, TensorOf } from '../tensor.ts'
import { type DType, float32, printType, type Shape } from '../tensor-value.ts'
import { add } from './add.ts'
import { broadcastShapes } from './broadcast.ts'
import { cast } from './cast.ts'
import { constant } from './constant.ts'
import { div } from './div.ts'
import { gelu } from './gelu.ts'
import { gemm } from './gemm.ts'
import { input } from './input.ts'
import { layerNorm } from './layer-norm.ts'
import { matmul } from './matmul.ts'
import { mean } from './mean.ts'
import { mul } from './mul.ts'
import { parameter } from './parameter.ts'
import { reshape } from './reshape.ts'
import { slice } from './slice.ts'
import { softmax } from './softmax.ts'
import { sub } from './sub.ts'
import { transpose } from './transpose.ts'

const of = (shape: Shape, dtype: DType = 'float32') => input('x', { dtype, shape })

/** One example an operator; the record does not compile without one. */
const examples: { readonly [O in Operator]: Tensor } = {
  input: of([2, 3]),
  parameter: parameter('weight', { dtype: 'float32', shape: [2, 3] }),
  constant: constant(float32([2], [1, 2])),
  cast: cast(of([2]), 'float16'),
  add: add(of([2, 1, 3]), of([4, 1])),
  sub: sub(of([2]), of([])),
  mul: mul(of([2, 3]), of([3])),
  div: div(of([1]), of([5])),
  matmul: matmul(of([5, 1, 2, 3]), of([4, 3, 7])),
  gemm: gemm([of([3, 2]), of([5, 3]), of([5])], { transposeA: true, transposeB: true }),
  softmax: softmax(of([2, 3])),
  gelu: gelu(of([2, 3])),
  layerNorm: layerNorm([of([2, 3]), of([3]), of([3])], 1e-6),
  mean: mean(of([2, 3, 4]), [0, -1]),
  reshape: reshape(of([2, 6]), [3, 4]),
  transpose: transpose(of([2, 3, 4]), [2, 0, 1]),
  slice: slice(of([2, 5]), { axis: -1, start: 1, end: 4 }),
}

test('each operator types its result', () => {
  const types = Object.entries(examples).map(([operator, tensor]) => `${operator} ${printType(tensor)}`)
  expect(types.join('\n')).toMatchInlineSnapshot(`
    "input float32[2, 3]
    parameter float32[2, 3]
    constant float32[2]
    cast float16[2]
    add float32[2, 4, 3]
    sub float32[2]
    mul float32[2, 3]
    div float32[5]
    matmul float32[5, 4, 2, 7]
    gemm float32[2, 5]
    softmax float32[2, 3]
    gelu float32[2, 3]
    layerNorm float32[2, 3]
    mean float32[3]
    reshape float32[3, 4]
    transpose float32[4, 2, 3]
    slice float32[2, 3]"
  `)
})

test.each(Object.values(examples))('$operator rebuilt on its own inputs has its own type', tensor => {
  const { dtype, shape } = rebuild(tensor as TensorOf<Operator>, tensor.inputs as Inputs<Operator>)
  expect({ dtype, shape }).toEqual({ dtype: tensor.dtype, shape: tensor.shape })
})

describe('operands that do not fit are refused', () => {
  const refusals: readonly (readonly [expected: string, make: () => Tensor])[] = [
    ['input: shape [2, 0] must hold positive integers', () => of([2, 0])],
    ['input: shape [1.5] must hold positive integers', () => of([1.5])],
    ['parameter: shape [-1] must hold positive integers', () => parameter('w', { dtype: 'float32', shape: [-1] })],
    ['constant: shape [2, 2] holds 4 elements, not 3', () => constant(float32([2, 2], [1, 2, 3]))],
    ['add: shapes [2] and [3] do not broadcast', () => add(of([2]), of([3]))],
    ['sub: element types differ: float32 and uint8', () => sub(of([2]), of([2], 'uint8'))],
    ['mul: shapes [2,3] and [3,2] do not broadcast', () => mul(of([2, 3]), of([3, 2]))],
    ['div: element types differ', () => div(of([2], 'float16'), of([2]))],
    ['matmul: inner sizes differ: 3 and 4', () => matmul(of([2, 3]), of([4, 2]))],
    ['matmul: takes at least 2 axes, not 1 and 2', () => matmul(of([2]), of([2, 2]))],
    ['matmul: leading axes do not broadcast', () => matmul(of([2, 2, 2]), of([3, 2, 2]))],
    ['matmul: takes one floating-point type, not uint8', () => matmul(of([2, 2], 'uint8'), of([2, 2]))],
    ['gemm: takes matrices, not 3 and 2 axes', () => gemm([of([1, 2, 3]), of([3, 4]), of([4])])],
    ['gemm: inner sizes differ: 3 and 4', () => gemm([of([2, 3]), of([3, 4]), of([4])], { transposeB: true })],
    ["gemm: [3] does not broadcast to the product's [2, 4]", () => gemm([of([2, 3]), of([3, 4]), of([3])])],
    ["gemm: [5, 2, 4] does not broadcast to the product's [2, 4]", () => gemm([of([2, 3]), of([3, 4]), of([5, 2, 4])])],
    ['softmax: axis 2 is not one of the 2 axes', () => softmax(of([2, 3]), 2)],
    ['softmax: takes one floating-point type, not int64', () => softmax(of([2], 'int64'))],
    ['gelu: takes one floating-point type, not uint8', () => gelu(of([2], 'uint8'))],
    [
      'layerNorm: scale and bias must be of the last axis alone, [3]',
      () => layerNorm([of([2, 3]), of([2]), of([3])], 1),
    ],
    ['mean: axes [] must be one or more, each once', () => mean(of([2]), [])],
    ['mean: axes [1, 1] must be one or more, each once', () => mean(of([2, 3]), [1, -1])],
    ['reshape: 6 elements do not fill [4], which holds 4', () => reshape(of([2, 3]), [4])],
    ['transpose: [0, 0] does not name each axis once', () => transpose(of([2, 3]), [0, 0])],
    ['slice: [2, 6) is not a part of axis 1, which has 5', () => slice(of([2, 5]), { axis: 1, start: 2, end: 6 })],
    ['slice: [2, 2) is not a part of axis 1', () => slice(of([2, 5]), { axis: 1, start: 2, end: 2 })],
  ]
  test.each(refusals)('%s', (expected, make) => {
    expect(make).toThrow(expected)
  })

  test('with the type of each operand and the place where it was made', () => {
    const query = of([8, 64])
    const key = of([8, 32])
    expect(() => matmul(query, key)).toThrow(
      /^matmul: inner sizes differ: 64 and 8\n {2}input x float32\[8, 64\] made at .*ops.test.ts:\d+\).*\n {2}input x float32\[8, 32\] made at/,
    )
  })
})

test('a tensor cannot be changed', () => {
  expect(Object.isFrozen(examples.softmax)).toBe(true)
})

const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 })

test('broadcasting is symmetric, and a shape broadcasts with itself and a scalar to itself', () => {
  fc.assert(
    fc.property(shapes, shapes, (a, b) => {
      expect(broadcastShapes(a, b)).toEqual(broadcastShapes(b, a))
      expect(broadcastShapes(a, a)).toEqual(a)
      expect(broadcastShapes(a, [])).toEqual(a)
    }),
  )
})

test('transposing by a permutation and by its inverse gives the shape back', () => {
  const cases = shapes.chain(shape =>
    fc.tuple(fc.constant(shape), fc.shuffledSubarray([...shape.keys()], { minLength: shape.length })),
  )
  fc.assert(
    fc.property(cases, ([shape, permutation]) => {
      const inverse = permutation.map((_, axis) => permutation.indexOf(axis))
      expect(transpose(transpose(of(shape), permutation), inverse).shape).toEqual(shape)
    }),
  )
})

test('a printed graph shows leaves by name, attributes, and long constants abridged', () => {
  const x = input('x', { dtype: 'uint8', shape: [2, 6] })
  const weight = parameter('head.weight', { dtype: 'float32', shape: [3, 6] })
  const bias = constant(float32([3], [0, 0.5, 1]))
  const scale = constant(float32([6], [1, 2, 3, 4, 5, 6]))
  const logits = gemm([mul(cast(x, 'float32'), scale), weight, bias], { transposeB: true })
  expect(printGraph(traceGraph({ scores: softmax(logits), average: mean(logits, [0]) }))).toMatchInlineSnapshot(`
    "x: uint8[2, 6] = input()
    %0: float32[2, 6] = cast(x, to: float32)
    %1: float32[6] = constant(1, 2, 3, 4, …)
    %2: float32[2, 6] = mul(%0, %1)
    head.weight: float32[3, 6] = parameter()
    %3: float32[3] = constant(0, 0.5, 1)
    %4: float32[2, 3] = gemm(%2, head.weight, %3, transposeB)
    %5: float32[2, 3] = softmax(%4, axis: 1)
    %6: float32[3] = mean(%4, axes: [0])
    return scores = %5
    return average = %6"
  `)
})
