import { expect, test } from 'vitest'
import { gradients } from '../gradients.ts'
import { traceGraph } from '../graph.ts'
import { add } from '../ops/add.ts'
import { cast } from '../ops/cast.ts'
import { constant } from '../ops/constant.ts'
import { div } from '../ops/div.ts'
import { exp } from '../ops/exp.ts'
import { gelu } from '../ops/gelu.ts'
import { input } from '../ops/input.ts'
import { loop } from '../ops/loop.ts'
import { matmul } from '../ops/matmul.ts'
import { mean } from '../ops/mean.ts'
import { mul } from '../ops/mul.ts'
import { neg } from '../ops/neg.ts'
import { parameter } from '../ops/parameter.ts'
import { reshape } from '../ops/reshape.ts'
import { scalar } from '../ops/scalar.ts'
import { softmax } from '../ops/softmax.ts'
import { sqrt } from '../ops/sqrt.ts'
import { sub } from '../ops/sub.ts'
import { expand, sum } from '../ops/sum-and-expand.ts'
import { swapLastAxes, transpose } from '../ops/transpose.ts'
import { printGraph } from '../print-graph.ts'
import type { Graph, Tensor } from '../tensor.ts'
import { float32, type Shape } from '../tensor-value.ts'
import { expandGelu } from './expand-gelu.ts'
import { foldConstants } from './fold-constants.ts'
import { inlineSingleTrips } from './inline-single-trips.ts'
import { shareSubexpressions } from './share-subexpressions.ts'
import { shortenRowSums } from './shorten-row-sums.ts'
import { simplify } from './simplify.ts'
import { widenToFloat64 } from './widen-to-float64.ts'

const x = (shape: Shape = [2]) => input('x', { dtype: 'float32', shape })
const print = (pass: (graph: Graph) => Graph, outputs: Readonly<Record<string, Tensor>>) =>
  printGraph(pass(traceGraph(outputs)))

test('equal operators on equal inputs are shared, and constants of the same bits', () => {
  const leaf = x()
  const y = sub(mul(exp(leaf), scalar(2)), mul(exp(leaf), scalar(2)))
  expect(print(shareSubexpressions, { y })).toMatchInlineSnapshot(`
    "x: float32[2] = input()
    %0: float32[2] = exp(x)
    %1: float32[] = constant(2)
    %2: float32[2] = mul(%0, %1)
    %3: float32[2] = sub(%2, %2)
    return y = %3"
  `)
})

test('what differs in an attribute, a type or the sign of zero is not shared', () => {
  const leaf = x([2, 2])
  const outputs = {
    rows: mean(leaf, [0]),
    columns: mean(leaf, [1]),
    half: cast(leaf, 'float16'),
    double: cast(leaf, 'float64'),
    zero: add(leaf, scalar(0)),
    minus: add(leaf, scalar(-0)),
  }
  expect(shareSubexpressions(traceGraph(outputs)).tensors).toHaveLength(9)
})

test('what the body of a loop repeats is shared within it, and its results stay those of one loop', () => {
  const { last, collected } = loop({
    trips: 3,
    initial: { total: x() },
    each: {},
    fixed: {},
    step: ({ total }) => ({ next: { total: add(exp(total), exp(total)) }, collected: { seen: exp(total) } }),
  })
  expect(print(shareSubexpressions, { total: last.total, seen: collected.seen })).toMatchInlineSnapshot(`
    "x: float32[2] = input()
    %0: float32[2] = loop(trips: 3, state: (total: x), each: (), fixed: (), result: next.total) {
      total: float32[2] = input()
      %0: float32[2] = exp(total)
      %1: float32[2] = add(%0, %0)
      return next.total = %1
      return collected.seen = %0
    }
    %1: float32[3, 2] = %0's collected.seen
    return total = %0
    return seen = %1"
  `)
})

test('arithmetic on small constants is done, rounded as the runtime rounds', () => {
  const third = div(scalar(1), scalar(3))
  expect(print(foldConstants, { y: mul(x(), sqrt(neg(sub(third, scalar(1))))) })).toMatchInlineSnapshot(`
    "x: float32[2] = input()
    %0: float32[] = constant(0.816497)
    %1: float32[2] = mul(x, %0)
    return y = %1"
  `)
  const folded = foldConstants(traceGraph({ third })).tensors[0]!
  expect(folded).toMatchObject({ attributes: { value: float32([], [Math.fround(1 / 3)]) } })
})

test('long constants, integers, and constants that broadcast to new shapes stay computed', () => {
  const long = constant(float32([65], Array(65).fill(1)))
  const outer = add(constant(float32([2, 1], [1, 2])), constant(float32([1, 2], [1, 2])))
  const bytes = constant({ dtype: 'uint8', shape: [], data: Uint8Array.of(255) })
  const graph = traceGraph({ long: neg(long), outer, bytes: add(bytes, bytes) })
  expect(foldConstants(graph).tensors.map(({ operator }) => operator)).toEqual(graph.tensors.map(t => t.operator))
})

test('operators that do nothing are removed', () => {
  const leaf = x([2, 3])
  const outputs = {
    neutral: div(sub(mul(scalar(1), leaf), scalar(0)), scalar(1)),
    reshaped: reshape(reshape(leaf, [6]), [2, 3]),
    turned: transpose(transpose(leaf, [1, 0]), [1, 0]),
    cast: cast(leaf, 'float32'),
    twice: neg(neg(leaf)),
  }
  expect(print(simplify, outputs)).toMatchInlineSnapshot(`
    "x: float32[2, 3] = input()
    return neutral = x
    return reshaped = x
    return turned = x
    return cast = x
    return twice = x"
  `)
})

test('transposes and reshapes in a row become one', () => {
  const leaf = x([2, 3, 4])
  const outputs = {
    turned: transpose(transpose(leaf, [1, 2, 0]), [0, 2, 1]),
    reshaped: reshape(reshape(leaf, [6, 4]), [4, 6]),
  }
  expect(print(simplify, outputs)).toMatchInlineSnapshot(`
    "x: float32[2, 3, 4] = input()
    %0: float32[3, 2, 4] = transpose(x, permutation: [1, 0, 2])
    %1: float32[4, 6] = reshape(x)
    return turned = %0
    return reshaped = %1"
  `)
})

test('x + 0 is left, because it turns −0 into 0', () => {
  expect(simplify(traceGraph({ y: add(x(), scalar(0)) })).tensors).toHaveLength(3)
})

test('one times a scalar that is stretched by it is left', () => {
  expect(print(simplify, { y: mul(x([]), constant(float32([2], [1, 1]))) })).toContain('mul')
})

test('an operand that the operator would stretch itself is not expanded before', () => {
  const y = mul(expand(x([3]), [2, 3]), parameter('w', { dtype: 'float32', shape: [2, 3] }))
  expect(print(simplify, { y })).toMatchInlineSnapshot(`
    "x: float32[3] = input()
    w: float32[2, 3] = parameter()
    %0: float32[2, 3] = mul(x, w)
    return y = %0"
  `)
})

test('an operand that alone gives the result its shape stays expanded', () => {
  expect(print(simplify, { y: mul(expand(x([3]), [2, 3]), scalar(2)) })).toContain('expand')
})

test('the gradient of a squared error is left with what it takes', () => {
  const w = parameter('w', { dtype: 'float32', shape: [2, 3] })
  const error = sub(w, x([2, 3]))
  const [slope] = gradients(mean(mul(error, error), [0, 1]), [w])
  const pass = (graph: Graph) => shareSubexpressions(simplify(foldConstants(graph)))
  expect(print(pass, { slope: slope! })).toMatchInlineSnapshot(`
    "%0: float32[1, 1] = constant(0.166667)
    w: float32[2, 3] = parameter()
    x: float32[2, 3] = input()
    %1: float32[2, 3] = sub(w, x)
    %2: float32[2, 3] = mul(%0, %1)
    %3: float32[2, 3] = add(%2, %2)
    return slope = %3"
  `)
})

test('widened, leaves, constants, casts and loops are of float64, and integers stay', () => {
  const { last } = loop({
    trips: 2,
    initial: { total: cast(input('bytes', { dtype: 'uint8', shape: [2] }), 'float32') },
    each: {},
    fixed: { w: parameter('w', { dtype: 'float32', shape: [2] }) },
    step: ({ total }, _, { w }) => ({ next: { total: add(mul(total, w), scalar(0.5)) }, collected: {} }),
  })
  expect(print(widenToFloat64, { total: last.total })).toMatchInlineSnapshot(`
    "bytes: uint8[2] = input()
    %0: float64[2] = cast(bytes, to: float64)
    w: float64[2] = parameter()
    %1: float64[2] = loop(trips: 2, state: (total: %0), each: (), fixed: (w: w), result: next.total) {
      total: float64[2] = input()
      w: float64[2] = input()
      %0: float64[2] = mul(total, w)
      %1: float64[] = constant(0.5)
      %2: float64[2] = add(%0, %1)
      return next.total = %2
    }
    return total = %1"
  `)
})

test('gelu is written out, so that it shares Φ with its gradient', () => {
  const y = gelu(x())
  const [slope] = gradients(sum(y, [0]), [y.inputs[0]!])
  const pass = (graph: Graph) => shareSubexpressions(expandGelu(graph))
  expect(print(pass, { y, slope: slope! })).toMatchInlineSnapshot(`
    "x: float32[2] = input()
    %0: float32[] = constant(0.707107)
    %1: float32[2] = mul(x, %0)
    %2: float32[2] = erf(%1)
    %3: float32[] = constant(0.5)
    %4: float32[2] = mul(%2, %3)
    %5: float32[2] = add(%4, %3)
    %6: float32[2] = mul(x, %5)
    %7: float32[] = constant(1)
    %8: float32[1] = reshape(%7)
    %9: float32[2] = expand(%8)
    %10: float32[] = constant(-0.572365)
    %11: float32[2] = mul(%1, %1)
    %12: float32[2] = sub(%10, %11)
    %13: float32[2] = exp(%12)
    %14: float32[2] = mul(%1, %13)
    %15: float32[2] = add(%5, %14)
    %16: float32[2] = mul(%9, %15)
    return y = %6
    return slope = %16"
  `)
})

test("the row sums in the gradient of attention are over a head's width, where the product is there", () => {
  const [scores, values] = [
    input('scores', { dtype: 'float32', shape: [2, 7, 9] }),
    input('v', { dtype: 'float32', shape: [2, 9, 3] }),
  ]
  const attended = matmul(softmax(scores), values)
  const [slope] = gradients(sum(mul(attended, attended), [0, 1, 2]), [scores])
  expect(print(shortenRowSums, { slope: slope! })).toMatchInlineSnapshot(`
    "scores: float32[2, 7, 9] = input()
    %0: float32[2, 7, 9] = softmax(scores, axis: 2)
    %1: float32[] = constant(1)
    %2: float32[1, 1, 1] = reshape(%1)
    %3: float32[2, 7, 3] = expand(%2)
    v: float32[2, 9, 3] = input()
    %4: float32[2, 7, 3] = matmul(%0, v)
    %5: float32[2, 7, 3] = mul(%3, %4)
    %6: float32[2, 7, 3] = mul(%3, %4)
    %7: float32[2, 7, 3] = add(%5, %6)
    %8: float32[2, 3, 9] = transpose(v, permutation: [0, 2, 1])
    %9: float32[2, 7, 9] = matmul(%7, %8)
    %10: float32[2, 7, 3] = mul(%7, %4)
    %11: float32[2, 7, 1] = sum(%10, axes: [2], keepAxes)
    %12: float32[2, 7, 9] = sub(%9, %11)
    %13: float32[2, 7, 9] = mul(%0, %12)
    return slope = %13"
  `)
})

test('other row sums are left: of one product alone, over other axes, or of a product that is not there', () => {
  const [p, d, v] = ['p', 'd', 'v'].map(name => input(name, { dtype: 'float32', shape: [4, 4] })) as [
    Tensor,
    Tensor,
    Tensor,
  ]
  const product = matmul(d, swapLastAxes(v))
  const outputs = {
    alone: sum(product, [1]),
    columns: sum(mul(product, p), [0]),
    absent: sum(mul(product, p), [1]),
  }
  expect(shortenRowSums(traceGraph(outputs))).toEqual(traceGraph(outputs))
})

test('a loop of one trip is its body, of which a stack of one is an element', () => {
  const { last, collected } = loop({
    trips: 1,
    initial: { total: x() },
    each: { more: input('batches', { dtype: 'float32', shape: [1, 2] }) },
    fixed: { rate: input('rate', { dtype: 'float32', shape: [] }) },
    step: ({ total }, { more }, { rate }) => {
      const grown = add(total, mul(more, rate))
      return { next: { total: grown }, collected: { grown } }
    },
  })
  expect(print(inlineSingleTrips, { last: last.total, all: collected.grown })).toMatchInlineSnapshot(`
    "x: float32[2] = input()
    %0: float32[2] = reshape(x)
    batches: float32[1, 2] = input()
    %1: float32[2] = reshape(batches)
    rate: float32[] = input()
    %2: float32[] = reshape(rate)
    %3: float32[2] = mul(%1, %2)
    %4: float32[2] = add(%0, %3)
    %5: float32[2] = reshape(%4)
    %6: float32[1, 2] = reshape(%4)
    return last = %5
    return all = %6"
  `)
})
