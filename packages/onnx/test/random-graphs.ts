import {
  add,
  concat,
  constant,
  cos,
  div,
  erf,
  exp,
  gather,
  gelu,
  layerNorm,
  log,
  logSoftmax,
  matmul,
  maximum,
  mean,
  mul,
  neg,
  pad,
  reshape,
  scalarOf,
  scatterAdd,
  sigmoid,
  sin,
  slice,
  softmax,
  sqrt,
  sub,
  sum,
  swapLastAxes,
  type Tensor,
  tanh,
  tensorValue,
} from '@takt/graph'
import fc from 'fast-check'

/** A step of a random program: a function, and which of the tensors so far it is applied to. */
export interface Step {
  readonly name: keyof typeof functions
  readonly first: number
  readonly second: number
}

/** Every tensor of a random program is a square of this size, so that any function takes any of them. */
export const SIZE = 3

const int64s = (numbers: readonly number[]) =>
  constant(tensorValue({ dtype: 'int64', shape: [numbers.length] }, numbers))
const one = (x: Tensor) => scalarOf(x, 1)
const row = (x: Tensor, i: number) => slice(x, { axis: 0, start: i, end: i + 1 })
const vector = (x: Tensor, i: number) => reshape(row(x, i), [SIZE])

/** Functions of two squares to a square, smooth everywhere and bounded enough to be nested. */
const functions = {
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
  positive: (a, b) => maximum(a, sub(b, scalarOf(b, 10))),
} as const satisfies Record<string, (a: Tensor, b: Tensor) => Tensor>

const names = Object.keys(functions) as (keyof typeof functions)[]

/** Programs of one to eight steps. */
export const programs: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({ name: fc.constantFrom(...names), first: fc.nat(20), second: fc.nat(20) }),
  { minLength: 1, maxLength: 8 },
)

/** Runs a program on its leaves: each step takes earlier tensors, counted back from the newest. */
export function runProgram(steps: readonly Step[], leaves: readonly Tensor[]): Tensor {
  const tensors = [...leaves]
  for (const { name, first, second } of steps) {
    const pick = (back: number) => tensors.at(-1 - (back % tensors.length))!
    const apply: (a: Tensor, b: Tensor) => Tensor = functions[name]
    tensors.push(apply(pick(first), pick(second)))
  }
  // Every tensor counts, so that a gradient reaches each leaf.
  return tensors.reduce(add)
}
