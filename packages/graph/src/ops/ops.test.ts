import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { traceGraph } from '../graph.ts'
import { printGraph } from '../print-graph.ts'
import { rebuild } from '../rules.ts'
import type { Inputs, Operator, Tensor, TensorOf } from '../tensor.ts'
import { type DType, float32, printType, type Shape } from '../tensor-value.ts'
import { abs } from './abs.ts'
import { add } from './add.ts'
import { argmax } from './argmax.ts'
import { broadcastShapes } from './broadcast.ts'
import { cast } from './cast.ts'
import { concat } from './concat.ts'
import { constant } from './constant.ts'
import { div } from './div.ts'
import { equal } from './equal.ts'
import { erf } from './erf.ts'
import { exp } from './exp.ts'
import { floor } from './floor.ts'
import { gather, scatterAdd } from './gather-and-scatter-add.ts'
import { gelu } from './gelu.ts'
import { gemm } from './gemm.ts'
import { input } from './input.ts'
import { layerNorm } from './layer-norm.ts'
import { less } from './less.ts'
import { log } from './log.ts'
import { logSoftmax } from './log-softmax.ts'
import { loop } from './loop.ts'
import { matmul } from './matmul.ts'
import { max } from './max.ts'
import { maximum } from './maximum.ts'
import { mean } from './mean.ts'
import { minimum } from './minimum.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { parameter } from './parameter.ts'
import { pow } from './pow.ts'
import { relu } from './relu.ts'
import { reshape } from './reshape.ts'
import { sigmoid } from './sigmoid.ts'
import { sign } from './sign.ts'
import { cos, sin } from './sin-and-cos.ts'
import { pad, slice } from './slice-and-pad.ts'
import { softmax } from './softmax.ts'
import { sqrt } from './sqrt.ts'
import { stopGradient } from './stop-gradient.ts'
import { sub } from './sub.ts'
import { expand, sum } from './sum-and-expand.ts'
import { tanh } from './tanh.ts'
import { topK } from './top-k.ts'
import { transpose } from './transpose.ts'
import { where } from './where.ts'

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
  stopGradient: stopGradient(of([2])),
  maximum: maximum(of([2, 1]), of([3])),
  minimum: minimum(of([2, 1]), of([3])),
  equal: equal(of([2, 1], 'int64'), of([3], 'int64')),
  less: less(of([2, 1]), of([3])),
  where: where(of([4, 1, 1], 'bool'), of([2, 1]), of([3])),
  neg: neg(of([2])),
  abs: abs(of([2])),
  sign: sign(of([2])),
  floor: floor(of([2])),
  exp: exp(of([2])),
  log: log(of([2])),
  sqrt: sqrt(of([2])),
  pow: pow(of([2]), 3),
  sin: sin(of([2])),
  cos: cos(of([2])),
  tanh: tanh(of([2])),
  sigmoid: sigmoid(of([2])),
  relu: relu(of([2])),
  erf: erf(of([2])),
  sum: sum(of([2, 3, 4]), [1], { keepAxes: true }),
  max: max(of([2, 3, 4]), [0, 1]),
  argmax: argmax(of([2, 3]), 0),
  topK: topK(of([2, 5]), { k: 3 }),
  logSoftmax: logSoftmax(of([2, 3])),
  expand: expand(of([2, 1]), [4, 2, 3]),
  pad: pad(of([2, 3]), { axis: 1, before: 1, after: 2 }),
  concat: concat([of([2, 3]), input('z', { dtype: 'float32', shape: [2, 1] })], 1),
  gather: gather(of([2, 5, 3]), of([4, 2], 'int64'), { axis: 1 }),
  scatterAdd: scatterAdd(of([4, 2, 3]), of([4, 2], 'int64'), { size: 5 }),
  loop: loop({
    trips: 3,
    initial: { total: of([2]) },
    each: { part: input('parts', { dtype: 'float32', shape: [3, 2] }) },
    fixed: {},
    step: ({ total }, { part }) => ({ next: { total: add(total, part) }, collected: { part } }),
  }).collected.part,
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
    slice float32[2, 3]
    stopGradient float32[2]
    maximum float32[2, 3]
    minimum float32[2, 3]
    equal bool[2, 3]
    less bool[2, 3]
    where float32[4, 2, 3]
    neg float32[2]
    abs float32[2]
    sign float32[2]
    floor float32[2]
    exp float32[2]
    log float32[2]
    sqrt float32[2]
    pow float32[2]
    sin float32[2]
    cos float32[2]
    tanh float32[2]
    sigmoid float32[2]
    relu float32[2]
    erf float32[2]
    sum float32[2, 1, 4]
    max float32[4]
    argmax int64[3]
    topK int64[2, 3]
    logSoftmax float32[2, 3]
    expand float32[4, 2, 3]
    pad float32[2, 6]
    concat float32[2, 4]
    gather float32[2, 4, 2, 3]
    scatterAdd float32[5, 3]
    loop float32[3, 2]"
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
    ['mul: shapes [2, 3] and [3, 2] do not broadcast', () => mul(of([2, 3]), of([3, 2]))],
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
    ['maximum: shapes [2] and [3] do not broadcast', () => maximum(of([2]), of([3]))],
    ['minimum: element types differ', () => minimum(of([2]), of([2], 'int64'))],
    ['equal: element types differ: float32 and int64', () => equal(of([2]), of([2], 'int64'))],
    ['where: condition is float32, not bool', () => where(of([2]), of([2]), of([2]))],
    ['where: [3] and [2] do not broadcast', () => where(of([3], 'bool'), of([2]), of([2]))],
    ['exp: takes one floating-point type, not int64', () => exp(of([2], 'int64'))],
    ['pow: exponent NaN is not finite', () => pow(of([2]), Number.NaN)],
    ['sum: axis 1 is not one of the 1 axes', () => sum(of([2]), [1])],
    ['argmax: takes one floating-point type, not bool', () => argmax(of([2], 'bool'))],
    ['topK: k 3 is not 1 to 2', () => topK(of([2]), { k: 3 })],
    ['expand: [2] does not stretch to [1]', () => expand(of([2]), [1])],
    ['pad: -1 before and 0 after must be whole', () => pad(of([2]), { axis: 0, before: -1, after: 0 })],
    ['concat: takes one tensor or more', () => concat([], 0)],
    ['concat: parts differ beyond their sizes along axis 1', () => concat([of([2, 3]), of([3, 3])], 1)],
    ['gather: indices are float32, not int64', () => gather(of([2]), of([2]))],
    [
      "scatterAdd: updates do not start with the indices' [3]",
      () => scatterAdd(of([2]), of([3], 'int64'), { size: 4 }),
    ],
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
