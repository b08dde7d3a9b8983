import { expect, test } from 'vitest'
import { gradients } from '../gradients.ts'
import { traceGraph } from '../graph.ts'
import { gemm } from '../ops/gemm.ts'
import { input } from '../ops/input.ts'
import { loop } from '../ops/loop.ts'
import { mean } from '../ops/mean.ts'
import { mul } from '../ops/mul.ts'
import { neg } from '../ops/neg.ts'
import { scalar } from '../ops/scalar.ts'
import { sub } from '../ops/sub.ts'
import { printGraph } from '../print-graph.ts'
import type { Graph } from '../tensor.ts'
import { eliminateDeadCode } from './eliminate-dead-code.ts'
import { foldConstants } from './fold-constants.ts'
import { selectOutputs } from './select-outputs.ts'
import { shareSubexpressions } from './share-subexpressions.ts'
import { simplify } from './simplify.ts'
import { widenToFloat64 } from './widen-to-float64.ts'

/** Two steps of gradient descent on half a mean squared error, as they are written; what each pass makes of them follows. */
function descent(): Graph {
  const { last, collected } = loop({
    trips: 2,
    initial: { w: input('start', { dtype: 'float32', shape: [1, 3] }) },
    each: { x: input('xs', { dtype: 'float32', shape: [2, 4, 3] }) },
    fixed: {},
    step: ({ w }, { x }) => {
      const error = gemm([x, w], { transposeB: true })
      const loss = mul(scalar(0.5), mean(mul(error, error), [0, 1]))
      const [slope] = gradients(loss, [w])
      return { next: { w: sub(w, neg(neg(mul(scalar(0.1), slope!)))) }, collected: { loss, slope: slope! } }
    },
  })
  return traceGraph({ w: last.w, losses: collected.loss, slopes: collected.slope })
}

test('as it is written', () => {
  expect(printGraph(descent())).toMatchInlineSnapshot(`
    "start: float32[1, 3] = input()
    xs: float32[2, 4, 3] = input()
    %0: float32[1, 3] = loop(trips: 2, state: (w: start), each: (x: xs), fixed: (), result: next.w) {
      w: float32[1, 3] = input()
      %0: float32[] = constant(0.1)
      %1: float32[] = constant(1)
      %2: float32[] = constant(0.5)
      %3: float32[] = mul(%1, %2)
      %4: float32[] = constant(0.25)
      %5: float32[] = mul(%3, %4)
      %6: float32[1, 1] = reshape(%5)
      %7: float32[4, 1] = expand(%6)
      x: float32[4, 3] = input()
      %8: float32[4, 1] = gemm(x, w, transposeB)
      %9: float32[4, 1] = mul(%7, %8)
      %10: float32[4, 1] = mul(%7, %8)
      %11: float32[4, 1] = add(%9, %10)
      %12: float32[1, 3] = gemm(%11, x, transposeA)
      %13: float32[1, 3] = mul(%0, %12)
      %14: float32[1, 3] = neg(%13)
      %15: float32[1, 3] = neg(%14)
      %16: float32[1, 3] = sub(w, %15)
      %17: float32[4, 1] = mul(%8, %8)
      %18: float32[] = mean(%17, axes: [0, 1])
      %19: float32[] = mul(%2, %18)
      return next.w = %16
      return collected.loss = %19
      return collected.slope = %12
    }
    %1: float32[2] = %0's collected.loss
    %2: float32[2, 1, 3] = %0's collected.slope
    return w = %0
    return losses = %1
    return slopes = %2"
  `)
})

test('foldConstants', () => {
  expect(printGraph(foldConstants(descent()))).toMatchInlineSnapshot(`
    "start: float32[1, 3] = input()
    xs: float32[2, 4, 3] = input()
    %0: float32[1, 3] = loop(trips: 2, state: (w: start), each: (x: xs), fixed: (), result: next.w) {
      w: float32[1, 3] = input()
      %0: float32[] = constant(0.1)
      %1: float32[1, 1] = constant(0.125)
      %2: float32[4, 1] = expand(%1)
      x: float32[4, 3] = input()
      %3: float32[4, 1] = gemm(x, w, transposeB)
      %4: float32[4, 1] = mul(%2, %3)
      %5: float32[4, 1] = mul(%2, %3)
      %6: float32[4, 1] = add(%4, %5)
      %7: float32[1, 3] = gemm(%6, x, transposeA)
      %8: float32[1, 3] = mul(%0, %7)
      %9: float32[1, 3] = neg(%8)
      %10: float32[1, 3] = neg(%9)
      %11: float32[1, 3] = sub(w, %10)
      %12: float32[] = constant(0.5)
      %13: float32[4, 1] = mul(%3, %3)
      %14: float32[] = mean(%13, axes: [0, 1])
      %15: float32[] = mul(%12, %14)
      return next.w = %11
      return collected.loss = %15
      return collected.slope = %7
    }
    %1: float32[2] = %0's collected.loss
    %2: float32[2, 1, 3] = %0's collected.slope
    return w = %0
    return losses = %1
    return slopes = %2"
  `)
})

test('simplify', () => {
  expect(printGraph(simplify(descent()))).toMatchInlineSnapshot(`
    "start: float32[1, 3] = input()
    xs: float32[2, 4, 3] = input()
    %0: float32[1, 3] = loop(trips: 2, state: (w: start), each: (x: xs), fixed: (), result: next.w) {
      w: float32[1, 3] = input()
      %0: float32[] = constant(0.1)
      %1: float32[] = constant(0.5)
      %2: float32[] = constant(0.25)
      %3: float32[] = mul(%1, %2)
      %4: float32[1, 1] = reshape(%3)
      x: float32[4, 3] = input()
      %5: float32[4, 1] = gemm(x, w, transposeB)
      %6: float32[4, 1] = mul(%4, %5)
      %7: float32[4, 1] = mul(%4, %5)
      %8: float32[4, 1] = add(%6, %7)
      %9: float32[1, 3] = gemm(%8, x, transposeA)
      %10: float32[1, 3] = mul(%0, %9)
      %11: float32[1, 3] = sub(w, %10)
      %12: float32[4, 1] = mul(%5, %5)
      %13: float32[] = mean(%12, axes: [0, 1])
      %14: float32[] = mul(%1, %13)
      return next.w = %11
      return collected.loss = %14
      return collected.slope = %9
    }
    %1: float32[2] = %0's collected.loss
    %2: float32[2, 1, 3] = %0's collected.slope
    return w = %0
    return losses = %1
    return slopes = %2"
  `)
})

test('shareSubexpressions', () => {
  expect(printGraph(shareSubexpressions(descent()))).toMatchInlineSnapshot(`
    "start: float32[1, 3] = input()
    xs: float32[2, 4, 3] = input()
    %0: float32[1, 3] = loop(trips: 2, state: (w: start), each: (x: xs), fixed: (), result: next.w) {
      w: float32[1, 3] = input()
      %0: float32[] = constant(0.1)
      %1: float32[] = constant(1)
      %2: float32[] = constant(0.5)
      %3: float32[] = mul(%1, %2)
      %4: float32[] = constant(0.25)
      %5: float32[] = mul(%3, %4)
      %6: float32[1, 1] = reshape(%5)
      %7: float32[4, 1] = expand(%6)
      x: float32[4, 3] = input()
      %8: float32[4, 1] = gemm(x, w, transposeB)
      %9: float32[4, 1] = mul(%7, %8)
      %10: float32[4, 1] = add(%9, %9)
      %11: float32[1, 3] = gemm(%10, x, transposeA)
      %12: float32[1, 3] = mul(%0, %11)
      %13: float32[1, 3] = neg(%12)
      %14: float32[1, 3] = neg(%13)
      %15: float32[1, 3] = sub(w, %14)
      %16: float32[4, 1] = mul(%8, %8)
      %17: float32[] = mean(%16, axes: [0, 1])
      %18: float32[] = mul(%2, %17)
      return next.w = %15
      return collected.loss = %18
      return collected.slope = %11
    }
    %1: float32[2] = %0's collected.loss
    %2: float32[2, 1, 3] = %0's collected.slope
    return w = %0
    return losses = %1
    return slopes = %2"
  `)
})

test('all three, in the order in which each helps the next', () => {
  expect(printGraph(shareSubexpressions(simplify(foldConstants(descent()))))).toMatchInlineSnapshot(`
    "start: float32[1, 3] = input()
    xs: float32[2, 4, 3] = input()
    %0: float32[1, 3] = loop(trips: 2, state: (w: start), each: (x: xs), fixed: (), result: next.w) {
      w: float32[1, 3] = input()
      %0: float32[] = constant(0.1)
      %1: float32[1, 1] = constant(0.125)
      x: float32[4, 3] = input()
      %2: float32[4, 1] = gemm(x, w, transposeB)
      %3: float32[4, 1] = mul(%1, %2)
      %4: float32[4, 1] = add(%3, %3)
      %5: float32[1, 3] = gemm(%4, x, transposeA)
      %6: float32[1, 3] = mul(%0, %5)
      %7: float32[1, 3] = sub(w, %6)
      %8: float32[] = constant(0.5)
      %9: float32[4, 1] = mul(%2, %2)
      %10: float32[] = mean(%9, axes: [0, 1])
      %11: float32[] = mul(%8, %10)
      return next.w = %7
      return collected.loss = %11
      return collected.slope = %5
    }
    %1: float32[2] = %0's collected.loss
    %2: float32[2, 1, 3] = %0's collected.slope
    return w = %0
    return losses = %1
    return slopes = %2"
  `)
})

test('selectOutputs, then eliminateDeadCode', () => {
  expect(printGraph(eliminateDeadCode(selectOutputs(descent(), ['losses'])))).toMatchInlineSnapshot(`
    "start: float32[1, 3] = input()
    xs: float32[2, 4, 3] = input()
    %0: float32[2] = loop(trips: 2, state: (w: start), each: (x: xs), fixed: (), result: collected.loss) {
      w: float32[1, 3] = input()
      %0: float32[] = constant(0.1)
      %1: float32[] = constant(1)
      %2: float32[] = constant(0.5)
      %3: float32[] = mul(%1, %2)
      %4: float32[] = constant(0.25)
      %5: float32[] = mul(%3, %4)
      %6: float32[1, 1] = reshape(%5)
      %7: float32[4, 1] = expand(%6)
      x: float32[4, 3] = input()
      %8: float32[4, 1] = gemm(x, w, transposeB)
      %9: float32[4, 1] = mul(%7, %8)
      %10: float32[4, 1] = mul(%7, %8)
      %11: float32[4, 1] = add(%9, %10)
      %12: float32[1, 3] = gemm(%11, x, transposeA)
      %13: float32[1, 3] = mul(%0, %12)
      %14: float32[1, 3] = neg(%13)
      %15: float32[1, 3] = neg(%14)
      %16: float32[1, 3] = sub(w, %15)
      %17: float32[4, 1] = mul(%8, %8)
      %18: float32[] = mean(%17, axes: [0, 1])
      %19: float32[] = mul(%2, %18)
      return next.w = %16
      return collected.loss = %19
      return collected.slope = %12
    }
    return losses = %0"
  `)
})

test('widenToFloat64', () => {
  expect(printGraph(widenToFloat64(descent()))).toMatchInlineSnapshot(`
    "start: float64[1, 3] = input()
    xs: float64[2, 4, 3] = input()
    %0: float64[1, 3] = loop(trips: 2, state: (w: start), each: (x: xs), fixed: (), result: next.w) {
      w: float64[1, 3] = input()
      %0: float64[] = constant(0.1)
      %1: float64[] = constant(1)
      %2: float64[] = constant(0.5)
      %3: float64[] = mul(%1, %2)
      %4: float64[] = constant(0.25)
      %5: float64[] = mul(%3, %4)
      %6: float64[1, 1] = reshape(%5)
      %7: float64[4, 1] = expand(%6)
      x: float64[4, 3] = input()
      %8: float64[4, 1] = gemm(x, w, transposeB)
      %9: float64[4, 1] = mul(%7, %8)
      %10: float64[4, 1] = mul(%7, %8)
      %11: float64[4, 1] = add(%9, %10)
      %12: float64[1, 3] = gemm(%11, x, transposeA)
      %13: float64[1, 3] = mul(%0, %12)
      %14: float64[1, 3] = neg(%13)
      %15: float64[1, 3] = neg(%14)
      %16: float64[1, 3] = sub(w, %15)
      %17: float64[4, 1] = mul(%8, %8)
      %18: float64[] = mean(%17, axes: [0, 1])
      %19: float64[] = mul(%2, %18)
      return next.w = %16
      return collected.loss = %19
      return collected.slope = %12
    }
    %1: float64[2] = %0's collected.loss
    %2: float64[2, 1, 3] = %0's collected.slope
    return w = %0
    return losses = %1
    return slopes = %2"
  `)
})
