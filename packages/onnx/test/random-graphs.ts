import {
  add,
  cast,
  concat,
  constant,
  conv1d,
  cos,
  div,
  erf,
  exp,
  expand,
  gather,
  gelu,
  gemm,
  layerNorm,
  log,
  logSoftmax,
  matmul,
  max,
  maximum,
  mean,
  minimum,
  mul,
  neg,
  pad,
  pow,
  reshape,
  scalarOf,
  scatterAdd,
  sigmoid,
  sin,
  slice,
  softmax,
  sqrt,
  standardise,
  sub,
  sum,
  swapLastAxes,
  type Tensor,
  tanh,
  tensorValue,
  transpose,
  where,
} from '@takt/graph'
import fc from 'fast-check'

type Functions = Readonly<Record<string, (a: Tensor, b: Tensor) => Tensor>>

/** A step of a random program: a function, and which of the tensors so far it is applied to. */
export interface Step {
  readonly name: string
  readonly first: number
  readonly second: number
}

/** Every tensor of a random program is a square of this size, so that any function takes any of them. */
export const SIZE = 3

const int64s = (numbers: readonly number[]) =>
  constant(tensorValue({ dtype: 'int64', shape: [numbers.length] }, numbers))
const mask = constant(tensorValue({ dtype: 'bool', shape: [SIZE, SIZE] }, [1, 0, 1, 0, 0, 1, 1, 1, 0]))
const one = (x: Tensor) => scalarOf(x, 1)
const row = (x: Tensor, i: number) => slice(x, { axis: 0, start: i, end: i + 1 })
const vector = (x: Tensor, i: number) => reshape(row(x, i), [SIZE])

/** Functions of two squares to a square, smooth everywhere and bounded enough to be nested. */
export const smooth = {
  add,
  sub,
  mul: (a, b) => tanh(mul(a, b)),
  div: (a, b) => div(a, add(mul(b, b), one(b))),
  rowwise: (a, b) => add(a, row(b, 0)),
  columnwise: (a, b) => mul(sigmoid(a), slice(b, { axis: 1, start: 1, end: 2 })),
  matmul: (a, b) => tanh(matmul(a, swapLastAxes(b))),
  attention: (a, b) => matmul(softmax(a), b),
  logSoftmax: a => logSoftmax(a, 0),
  layerNorm: (a, b) => layerNorm([a, vector(b, 0), vector(b, 1)], 0.5),
  gelu,
  erf,
  waves: (a, b) => sub(sin(a), cos(b)),
  softplus: a => log(add(exp(neg(a)), one(a))),
  length: a => sqrt(add(mul(a, a), one(a))),
  centred: a => sub(a, mean(a, [1], { keepAxes: true })),
  total: (a, b) => add(a, tanh(sum(b, [0, 1]))),
  shift: a => pad(slice(a, { axis: 1, start: 0, end: SIZE - 1 }), { axis: 1, before: 1, after: 0 }),
  cut: (a, b) => concat([row(a, 2), slice(b, { axis: 0, start: 0, end: 2 })], 0),
  columns: a => gather(a, int64s([2, 0, 2]), { axis: 1 }),
  pool: a => scatterAdd(a, int64s([1, 1, 0]), { size: SIZE }),
  // Far from where the larger or smaller one changes.
  positive: (a, b) => maximum(tanh(a), sub(tanh(b), scalarOf(b, 10))),
  negative: (a, b) => minimum(tanh(a), add(tanh(b), scalarOf(b, 10))),
  largest: a => add(a, max(concat([tanh(row(a, 1)), sub(tanh(a), scalarOf(a, 10))], 0), [0])),
  either: (a, b) => where(mask, a, b),
  power: (a, b) => mul(pow(add(sigmoid(a), one(a)), 1.5), tanh(b)),
  product: (a, b) => tanh(gemm([a, b, vector(b, 1)], { transposeA: true })),
  gram: (a, b) => tanh(gemm([a, b], { transposeA: true, transposeB: true })),
  stacks: (a, b) => {
    const products = matmul(reshape(a, [SIZE, 1, SIZE]), expand(tanh(b), [SIZE, SIZE, SIZE]))
    return reshape(transpose(products, [1, 0, 2]), [SIZE, SIZE])
  },
  lastColumns: a => gather(a, int64s([1, 0, 2]), { axis: 1, distinct: true }),
  convolved: (a, b) => {
    const weight = reshape(tanh(b), [SIZE, 1, SIZE])
    return reshape(conv1d(reshape(row(a, 0), [1, 1, SIZE]), weight, { before: 1, after: 1 }), [SIZE, SIZE])
  },
  standardised: a => standardise(a, { axes: [0], epsilon: 0.5 }).normalised,
} as const satisfies Functions

/** What passes take away, fold and share. */
export const redundant = {
  turned: a => transpose(transpose(a, [1, 0]), [1, 0]),
  turnedOnce: a => transpose(transpose(transpose(a, [1, 0]), [1, 0]), [1, 0]),
  reshaped: (a, b) => add(reshape(reshape(reshape(a, [SIZE * SIZE]), [1, SIZE, SIZE]), [SIZE, SIZE]), b),
  neutral: a => div(sub(mul(one(a), mul(a, one(a))), scalarOf(a, 0)), one(a)),
  zeroAdded: a => add(a, scalarOf(a, 0)),
  negated: (a, b) => sub(neg(neg(a)), neg(b)),
  recast: a => cast(cast(a, a.dtype), a.dtype),
  folded: a => mul(a, add(scalarOf(a, 0.25), sqrt(div(one(a), scalarOf(a, 3))))),
  foldedShapes: a => mul(a, reshape(neg(scalarOf(a, 0.5)), [1, 1])),
  repeated: (a, b) => sub(tanh(add(a, b)), mul(tanh(add(a, b)), tanh(add(b, a)))),
  sameConstants: (a, b) => add(mul(a, scalarOf(a, 0.5)), mul(b, scalarOf(b, 0.5))),
  stretched: (a, b) => add(expand(row(a, 0), [SIZE, SIZE]), b),
  stretchedBoth: (a, b) => mul(expand(tanh(row(a, 0)), [SIZE, SIZE]), expand(row(b, 1), [SIZE, SIZE])),
  whole: a => pad(slice(a, { axis: 0, start: 0, end: SIZE }), { axis: 0, before: 0, after: 0 }),
  alone: a => concat([a], 0),
} as const satisfies Functions

/** Programs of one to eight steps. */
export function programsOf(functions: Functions): fc.Arbitrary<readonly Step[]> {
  const step = fc.record({
    name: fc.constantFrom(...Object.keys(functions)),
    first: fc.nat(20),
    second: fc.nat(20),
  })
  return fc.array(step, { minLength: 1, maxLength: 8 })
}

/** Runs a program on its leaves: each step takes earlier tensors, counted back from the newest. */
export function runProgram(functions: Functions, steps: readonly Step[], leaves: readonly Tensor[]): Tensor {
  const tensors = [...leaves]
  for (const { name, first, second } of steps) {
    const pick = (back: number) => tensors.at(-1 - (back % tensors.length))!
    tensors.push(functions[name]!(pick(first), pick(second)))
  }
  // Every tensor counts, so that a gradient reaches each leaf.
  return tensors.reduce(add)
}
