import {
  abs,
  add,
  argmax,
  cast,
  concat,
  constant,
  cos,
  div,
  equal,
  erf,
  exp,
  expand,
  floor,
  gather,
  gelu,
  gemm,
  layerNorm,
  less,
  log,
  logSoftmax,
  loop,
  matmul,
  max,
  maximum,
  mean,
  minimum,
  mul,
  neg,
  type Operator,
  pad,
  parameter,
  pow,
  relu,
  reshape,
  type Shape,
  scalarOf,
  scatterAdd,
  sigmoid,
  sign,
  sin,
  slice,
  softmax,
  sqrt,
  stopGradient,
  sub,
  sum,
  type Tensor,
  tanh,
  tensorValue,
  topK,
  transpose,
  where,
} from '@takt/graph'
import { at, fill, type Numbers, erf as plainErf, sum as total } from './plain-tensors.ts'

export interface OperatorCase {
  /** The operator on floating-point operands of any type, its result cast to theirs. */
  readonly result: (a: Tensor, b: Tensor, c: Tensor) => Tensor
  readonly shapes: readonly [Shape, Shape?, Shape?]
  /** The operator's formula on plain numbers, row-major. */
  readonly reference: (a: Numbers, b: Numbers, c: Numbers) => readonly number[]
  /** Set where differentiation ends at the operator. */
  readonly gradient?: 'none'
}

const A = [2, 3, 4]
const B = [3, 1]
const binary = (
  result: (a: Tensor, b: Tensor) => Tensor,
  f: (a: number, b: number) => number,
): Pick<OperatorCase, 'result' | 'shapes' | 'reference'> => ({
  result,
  shapes: [A, B],
  reference: (a, b) => fill(A, (i, j, k) => f(at(a, A, [i, j, k]), b[j]!)),
})
const unary = (
  result: (a: Tensor) => Tensor,
  f: (a: number) => number,
): Pick<OperatorCase, 'result' | 'shapes' | 'reference'> => ({
  result,
  shapes: [[20]],
  reference: a => Array.from(a, f),
})
const int64s = (shape: Shape, numbers: readonly number[]) => constant(tensorValue({ dtype: 'int64', shape }, numbers))
const average = (a: Numbers, from: number, count: number) => total(count, k => a[from + k]!) / count
const none = 'none'
/** ONNX keeps it as float32, which this is exactly. */
const EPSILON = 2 ** -7

/** What a parameter called `shift` holds. */
export const SHIFT = [10, 20, 30]

/** A case an operator; the record does not compile without one. */
export const operatorCases: { readonly [O in Operator]: OperatorCase } = {
  input: { result: a => a, shapes: [[3]], reference: a => Array.from(a) },
  parameter: {
    result: a => mul(a, parameter('shift', { dtype: a.dtype, shape: [3] })),
    shapes: [[3]],
    reference: a => fill([3], i => a[i]! * SHIFT[i]!),
  },
  constant: {
    result: a => mul(a, constant(tensorValue({ dtype: a.dtype, shape: [3] }, [1, 2, 4]))),
    shapes: [[2, 3]],
    reference: a => fill([2, 3], (i, j) => a[3 * i + j]! * 2 ** j),
  },
  cast: unary(
    a => cast(cast(a, 'float64'), a.dtype),
    a => a,
  ),
  stopGradient: { ...unary(stopGradient, a => a), gradient: none },

  add: binary(add, (a, b) => a + b),
  sub: binary(sub, (a, b) => a - b),
  mul: binary(mul, (a, b) => a * b),
  div: binary(div, (a, b) => a / b),
  maximum: binary(maximum, Math.max),
  minimum: binary(minimum, Math.min),
  equal: {
    result: a => cast(equal(a, slice(a, { axis: 2, start: 1, end: 2 })), a.dtype),
    shapes: [A],
    reference: () => fill(A, (_, __, k) => Number(k === 1)),
    gradient: none,
  },
  less: {
    ...binary(
      (a, b) => cast(less(a, b), a.dtype),
      (a, b) => Number(a < b),
    ),
    gradient: none,
  },
  where: binary(
    (a, b) => where(less(a, scalarOf(a, 0.5)), a, b),
    (a, b) => (a < 0.5 ? a : b),
  ),

  neg: unary(neg, a => -a),
  abs: unary(abs, Math.abs),
  sign: { ...unary(sign, Math.sign), gradient: none },
  floor: { ...unary(floor, Math.floor), gradient: none },
  exp: unary(exp, Math.exp),
  log: unary(
    a => log(abs(a)),
    a => Math.log(Math.abs(a)),
  ),
  sqrt: unary(
    a => sqrt(abs(a)),
    a => Math.sqrt(Math.abs(a)),
  ),
  pow: unary(
    a => pow(abs(a), 2.5),
    a => Math.abs(a) ** 2.5,
  ),
  sin: unary(sin, Math.sin),
  cos: unary(cos, Math.cos),
  tanh: unary(tanh, Math.tanh),
  sigmoid: unary(sigmoid, a => 1 / (1 + Math.exp(-a))),
  relu: unary(relu, a => Math.max(a, 0)),
  erf: unary(erf, plainErf),
  gelu: unary(gelu, a => (a / 2) * (1 + plainErf(a / Math.SQRT2))),

  matmul: {
    result: matmul,
    shapes: [
      [2, 1, 2, 3],
      [4, 3, 2],
    ],
    reference: (a, b) =>
      fill([2, 4, 2, 2], (g, h, i, j) => total(3, k => at(a, [2, 2, 3], [g, i, k]) * at(b, [4, 3, 2], [h, k, j]))),
  },
  gemm: {
    result: (a, b, c) => gemm([a, b, c], { transposeA: true, transposeB: true }),
    shapes: [[3, 2], [4, 3], [4]],
    reference: (a, b, c) => fill([2, 4], (i, j) => total(3, k => a[2 * k + i]! * b[3 * j + k]!) + c[j]!),
  },

  sum: {
    result: a => sum(a, [0, 2], { keepAxes: true }),
    shapes: [A],
    reference: a => fill([3], j => total(2, i => total(4, k => at(a, A, [i, j, k])))),
  },
  mean: {
    result: a => mean(a, [0, 2]),
    shapes: [A],
    reference: a => fill([3], j => total(2, i => total(4, k => at(a, A, [i, j, k]))) / 8),
  },
  max: {
    result: a => max(a, [0, 2]),
    shapes: [A],
    reference: a => fill([3], j => Math.max(...fill([2, 4], (i, k) => at(a, A, [i, j, k])))),
  },
  argmax: {
    result: a => cast(argmax(a, 0), a.dtype),
    shapes: [[3, 4]],
    reference: a => fill([4], j => [0, 1, 2].reduce((best, i) => (a[4 * i + j]! > a[4 * best + j]! ? i : best), 0)),
    gradient: none,
  },
  topK: {
    result: a => cast(topK(a, { k: 2 }), a.dtype),
    shapes: [[3, 4]],
    reference: a =>
      fill([3], i => i).flatMap(i => [0, 1, 2, 3].toSorted((j, k) => a[4 * i + k]! - a[4 * i + j]!).slice(0, 2)),
    gradient: none,
  },

  softmax: {
    result: a => softmax(a, 0),
    shapes: [[3, 2]],
    reference: a => fill([3, 2], (i, j) => Math.exp(a[2 * i + j]!) / total(3, k => Math.exp(a[2 * k + j]!))),
  },
  logSoftmax: {
    result: a => logSoftmax(a, 0),
    shapes: [[3, 2]],
    reference: a => fill([3, 2], (i, j) => a[2 * i + j]! - Math.log(total(3, k => Math.exp(a[2 * k + j]!)))),
  },
  layerNorm: {
    result: (a, b, c) => layerNorm([a, b, c], EPSILON),
    shapes: [[2, 4], [4], [4]],
    reference: (a, b, c) =>
      fill([2, 4], (i, j) => {
        const mu = average(a, 4 * i, 4)
        const variance = total(4, k => (a[4 * i + k]! - mu) ** 2) / 4
        return ((a[4 * i + j]! - mu) / Math.sqrt(variance + EPSILON)) * b[j]! + c[j]!
      }),
  },

  reshape: { result: a => reshape(a, [4, 6]), shapes: [A], reference: a => Array.from(a) },
  transpose: {
    result: a => transpose(a, [2, 0, 1]),
    shapes: [A],
    reference: a => fill([4, 2, 3], (k, i, j) => at(a, A, [i, j, k])),
  },
  expand: {
    result: a => expand(a, [2, 3, 4]),
    shapes: [[3, 1]],
    reference: a => fill([2, 3, 4], (_, j) => a[j]!),
  },
  slice: {
    result: a => slice(a, { axis: 1, start: 1, end: 3 }),
    shapes: [A],
    reference: a => fill([2, 2, 4], (i, j, k) => at(a, A, [i, j + 1, k])),
  },
  pad: {
    result: a => pad(a, { axis: 1, before: 2, after: 1 }),
    shapes: [[2, 3, 2]],
    reference: a => fill([2, 6, 2], (i, j, k) => (j < 2 || j === 5 ? 0 : at(a, [2, 3, 2], [i, j - 2, k]))),
  },
  concat: {
    result: (a, b) => concat([a, b, a], 1),
    shapes: [
      [2, 3],
      [2, 1],
    ],
    reference: (a, b) => fill([2, 7], (i, j) => (j === 3 ? b[i]! : a[3 * i + (j % 4)]!)),
  },
  gather: {
    result: a =>
      concat(
        [
          gather(a, int64s([2, 2], [2, 0, 1, 2]), { axis: 1 }),
          gather(a, int64s([1, 2], [1, 2]), { axis: 1, distinct: true }),
        ],
        1,
      ),
    shapes: [A],
    reference: a => fill([2, 3, 2, 4], (i, g, h, k) => at(a, A, [i, [2, 0, 1, 2, 1, 2][2 * g + h]!, k])),
  },
  scatterAdd: {
    result: a =>
      concat(
        [
          scatterAdd(a, int64s([2, 2], [3, 0, 1, 3]), { size: 5 }),
          scatterAdd(a, int64s([2, 2], [4, 2, 0, 1]), { size: 5, distinct: true }),
        ],
        0,
      ),
    shapes: [[2, 2, 3]],
    reference: a =>
      [
        [3, 0, 1, 3],
        [4, 2, 0, 1],
      ].flatMap(indices => fill([5, 3], (j, k) => total(4, i => (indices[i] === j ? a[3 * i + k]! : 0)))),
  },

  loop: {
    result: (a, b, c) => {
      const { last, collected } = loop({
        trips: 3,
        initial: { velocity: b },
        each: { push: a },
        fixed: { decay: c },
        step: ({ velocity }, { push }, { decay }) => {
          const next = add(mul(velocity, decay), push)
          return { next: { velocity: next }, collected: { twice: mul(next, scalarOf(next, 2)) } }
        },
      })
      return concat([reshape(last.velocity, [1, 2]), collected.twice], 0)
    },
    shapes: [[3, 2], [2], [2]],
    reference: (a, b, c) => {
      const rows = [[b[0]!, b[1]!]]
      for (let i = 0; i < 3; i++) rows.push([0, 1].map(j => rows[i]![j]! * c[j]! + a[2 * i + j]!))
      return [...rows[3]!, ...rows.slice(1).flatMap(row => row.map(v => 2 * v))]
    },
    gradient: none,
  },
}
