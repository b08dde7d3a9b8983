import {
  abs,
  add,
  adjustBrightness,
  adjustContrast,
  adjustSaturation,
  argmax,
  batchNorm,
  cast,
  clamp,
  concat,
  constant,
  conv1d,
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
  l2Normalise,
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
  oneHot,
  pad,
  parameter,
  pow,
  relu,
  reshape,
  rotateHue,
  sampleAffine,
  scalarOf,
  scatterAdd,
  sigmoid,
  sign,
  sin,
  slice,
  softmax,
  sqrt,
  standardise,
  stopGradient,
  sub,
  sum,
  type Tensor,
  tanh,
  tensorValue,
  toLuma,
  topK,
  transpose,
  where,
} from '@takt/graph'

export type Build = (a: Tensor, b: Tensor, c: Tensor) => Tensor
/** Cases of golden/operators.py by name, built of the same leaves; one alone needs no name. */
type Cases = Build | Readonly<Record<string, Build>>

/** A small power of two, which ONNX's float32 attribute holds exactly. */
const EPSILON = 2 ** -20

const arithmetic = (build: Build) => ({
  'of one shape': build,
  'a column by a row': build,
  'a scalar by a matrix': build,
})
const ofIntegersToo = (build: Build) => ({ ...arithmetic(build), 'of whole numbers': build })
const norm: Build = (a, b, c) => layerNorm([a, b, c], EPSILON)

/** Every operator's; the record does not compile without one. */
export const goldenCases: { readonly [O in Operator]: Cases } = {
  input: a => a,
  parameter: a => mul(a, parameter('shift', { dtype: a.dtype, shape: [3] })),
  constant: a => mul(a, constant(tensorValue({ dtype: a.dtype, shape: [3] }, [1, 2, 4]))),
  cast: {
    'from bytes': a => cast(a, 'float64'),
    'from booleans': a => cast(a, 'float64'),
    'through half precision': a => cast(cast(a, 'float16'), a.dtype),
    'to whole numbers, towards zero': a => cast(a, 'int64'),
  },
  stopGradient: { alone: stopGradient, 'in a product': a => mul(a, stopGradient(a)) },

  add: ofIntegersToo(add),
  sub: ofIntegersToo(sub),
  mul: ofIntegersToo(mul),
  div: arithmetic(div),
  maximum: { 'a column by a row': maximum, 'where they are equal': maximum },
  minimum: { 'a column by a row': minimum, 'where they are equal': minimum },
  equal: { 'a column by a row': equal, 'of whole numbers': equal },
  less: { 'a column by a row': less },
  where: { 'broadcasting all three': where, 'of whole numbers': where },

  neg,
  abs,
  sign,
  floor,
  exp,
  log,
  sqrt: { 'of positive numbers': sqrt, 'of zero, whose slope is infinite': sqrt },
  pow: {
    'a square': a => pow(a, 2),
    'a cube': a => pow(a, 3),
    'a root': a => pow(a, 0.5),
    'an inverse': a => pow(a, -1),
    'the first power': a => pow(a, 1),
    'the zeroth power': a => pow(a, 0),
  },
  sin,
  cos,
  tanh,
  sigmoid,
  relu,
  erf,
  gelu,

  matmul: {
    matrices: matmul,
    'stacks that broadcast': matmul,
    'a stack by one matrix': matmul,
    'one matrix by a stack': matmul,
  },
  gemm: {
    plain: (a, b) => gemm([a, b]),
    'the first transposed': (a, b, c) => gemm([a, b, c], { transposeA: true }),
    'the second transposed': (a, b, c) => gemm([a, b, c], { transposeB: true }),
    'both transposed': (a, b, c) => gemm([a, b, c], { transposeA: true, transposeB: true }),
  },

  sum: {
    'over the last axis': a => sum(a, [-1]),
    'over two axes, kept': a => sum(a, [0, 2], { keepAxes: true }),
    'over all': a => sum(a, [0, 1, 2]),
  },
  mean: {
    'over the first axis': a => mean(a, [0]),
    'over two axes, kept': a => mean(a, [1, -1], { keepAxes: true }),
    'over all': a => mean(a, [2, 0, 1]),
  },
  max: {
    'over the last axis': a => max(a, [-1]),
    'over two axes, kept': a => max(a, [0, 2], { keepAxes: true }),
    'shared by equal elements': a => max(a, [1]),
  },
  argmax: { 'along the last axis': a => argmax(a), 'the first of equal elements': a => argmax(a, 0) },
  topK: { 'along the last axis': a => topK(a, { k: 3 }), 'along the first axis': a => topK(a, { k: 2, axis: 0 }) },

  softmax: {
    'along the last axis': a => softmax(a),
    'along the middle axis': a => softmax(a, 1),
    'of far apart and hidden logits': a => softmax(a),
  },
  logSoftmax: {
    'along the last axis': a => logSoftmax(a),
    'along the first axis': a => logSoftmax(a, 0),
    'of far apart logits': a => logSoftmax(a),
  },
  layerNorm: { 'of matrices': norm, 'of a vector': norm, 'of equal elements': norm },

  reshape: {
    'to fewer axes': a => reshape(a, [4, 6]),
    'to a scalar': a => reshape(a, []),
    'of whole numbers': a => reshape(a, [2, 2]),
  },
  transpose: { 'of four axes': a => transpose(a, [2, 0, 3, 1]), 'of a matrix': a => transpose(a, [1, 0]) },
  expand: { 'by new and stretched axes': a => expand(a, [2, 3, 4]), 'of a scalar': a => expand(a, [2, 2]) },
  slice: {
    'a middle part': a => slice(a, { axis: 1, start: 1, end: 3 }),
    'along the last axis': a => slice(a, { axis: -1, start: 3, end: 4 }),
  },
  pad: {
    'on both sides': a => pad(a, { axis: 1, before: 2, after: 1 }),
    'along the last axis': a => pad(a, { axis: -1, before: 0, after: 3 }),
  },
  concat: {
    'three parts, one of them twice': (a, b) => concat([a, b, a], 1),
    'along the last axis': (a, b) => concat([a, b], -1),
  },
  gather: {
    'repeated rows': (a, b) => gather(a, b),
    'along the middle axis': (a, b) => gather(a, b, { axis: 1 }),
    'along the last axis': (a, b) => gather(a, b, { axis: -1 }),
    'distinct rows': (a, b) => gather(a, b, { distinct: true }),
    'one row by a scalar': (a, b) => gather(a, b),
    bytes: (a, b) => gather(a, b),
  },
  scatterAdd: {
    'onto repeated rows': (a, b) => scatterAdd(a, b, { size: 5 }),
    'onto distinct rows': (a, b) => scatterAdd(a, b, { size: 5, distinct: true }),
    numbers: (a, b) => scatterAdd(a, b, { size: 4 }),
  },

  loop: (a, b, c) => {
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
}

const sampleTo =
  (height: number, width: number): Build =>
  (a, b) =>
    sampleAffine(a, b, { height, width })

/** What is composed of them. */
export const composedCases: Readonly<Record<string, Cases>> = {
  clamp: a => clamp(a, -1, 1),
  oneHot: a => oneHot(a, 4),
  l2Normalise: {
    'along the last axis': a => l2Normalise(a),
    'along the first axis': a => l2Normalise(a, 0),
    'a row of zeros': a => l2Normalise(a),
  },
  standardise: a => standardise(a, { axes: [1, 2], epsilon: EPSILON }).normalised,
  batchNorm: {
    rows: (a, b, c) => batchNorm([a, b, c], { axes: [0], epsilon: 1e-5 }).y,
    'over batch and time': (a, b, c) => batchNorm([a, b, c], { axes: [0, 2], epsilon: 1e-5 }).y,
  },
  conv1d: {
    'of one tap': (a, b) => conv1d(a, b),
    unpadded: (a, b) => conv1d(a, b),
    'dilated, keeping the length': (a, b) => conv1d(a, b, { dilation: 4, before: 4, after: 4 }),
    causal: (a, b) => conv1d(a, b, { dilation: 2, before: 4 }),
  },
  sampleAffine: {
    'a turn, and a mirror beyond the border': sampleTo(2, 5),
    'a grid that leaves the frame altogether': sampleTo(2, 2),
    bytes: sampleTo(4, 3),
  },
  toLuma,
  adjustBrightness,
  adjustContrast,
  adjustSaturation,
  rotateHue,
}
