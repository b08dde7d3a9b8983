import { expect, test } from 'vitest'
import { gradients } from './gradients.ts'
import { traceGraph } from './graph.ts'
import { add } from './ops/add.ts'
import { argmax } from './ops/argmax.ts'
import { cast } from './ops/cast.ts'
import { gather } from './ops/gather-and-scatter-add.ts'
import { gelu } from './ops/gelu.ts'
import { gemm } from './ops/gemm.ts'
import { input } from './ops/input.ts'
import { layerNorm } from './ops/layer-norm.ts'
import { mul } from './ops/mul.ts'
import { parameter } from './ops/parameter.ts'
import { slice } from './ops/slice-and-pad.ts'
import { softmax } from './ops/softmax.ts'
import { stopGradient } from './ops/stop-gradient.ts'
import { sum } from './ops/sum-and-expand.ts'
import { printGraph } from './print-graph.ts'
import type { Tensor } from './tensor.ts'
import type { Shape } from './tensor-value.ts'

const x = (shape: Shape) => input('x', { dtype: 'float32', shape })
const w = (shape: Shape) => parameter('w', { dtype: 'float32', shape })
const total = (y: Tensor) => sum(y, [...y.shape.keys()])

/** The graph of a loss's gradients, by name. */
function printGradients(loss: Tensor, of: Readonly<Record<string, Tensor>>): string {
  const found = gradients(loss, Object.values(of))
  return printGraph(traceGraph(Object.fromEntries(Object.keys(of).map((name, i) => [`d_${name}`, found[i]!]))))
}

test('a linear layer has the gradients of the textbook, without a transpose', () => {
  const weight = w([4, 3])
  const bias = parameter('b', { dtype: 'float32', shape: [4] })
  const y = gemm([x([2, 3]), weight, bias], { transposeB: true })
  expect(printGradients(total(mul(y, y)), { w: weight, b: bias })).toMatchInlineSnapshot(`
    "%0: float32[] = constant(1)
    %1: float32[1, 1] = reshape(%0)
    %2: float32[2, 4] = expand(%1)
    x: float32[2, 3] = input()
    w: float32[4, 3] = parameter()
    b: float32[4] = parameter()
    %3: float32[2, 4] = gemm(x, w, b, transposeB)
    %4: float32[2, 4] = mul(%2, %3)
    %5: float32[2, 4] = mul(%2, %3)
    %6: float32[2, 4] = add(%4, %5)
    %7: float32[4, 3] = gemm(%6, x, transposeA)
    %8: float32[4] = sum(%6, axes: [0])
    return d_w = %7
    return d_b = %8"
  `)
})

test('what an operand was stretched along is summed', () => {
  const scale = w([3, 1])
  expect(printGradients(total(mul(x([2, 3, 4]), scale)), { w: scale })).toMatchInlineSnapshot(`
    "%0: float32[] = constant(1)
    %1: float32[1, 1, 1] = reshape(%0)
    %2: float32[2, 3, 4] = expand(%1)
    x: float32[2, 3, 4] = input()
    %3: float32[2, 3, 4] = mul(%2, x)
    %4: float32[3] = sum(%3, axes: [0, 2])
    %5: float32[3, 1] = reshape(%4)
    return d_w = %5"
  `)
})

test('softmax reuses its result', () => {
  const logits = w([2, 3])
  expect(printGradients(total(mul(softmax(logits), x([2, 3]))), { w: logits })).toMatchInlineSnapshot(`
    "w: float32[2, 3] = parameter()
    %0: float32[2, 3] = softmax(w, axis: 1)
    %1: float32[] = constant(1)
    %2: float32[1, 1] = reshape(%1)
    %3: float32[2, 3] = expand(%2)
    x: float32[2, 3] = input()
    %4: float32[2, 3] = mul(%3, x)
    %5: float32[2, 3] = mul(%4, %0)
    %6: float32[2, 1] = sum(%5, axes: [1], keepAxes)
    %7: float32[2, 3] = sub(%4, %6)
    %8: float32[2, 3] = mul(%0, %7)
    return d_w = %8"
  `)
})

test('gelu and layer normalisation have gradients of standard operators', () => {
  const features = w([2, 3])
  expect(printGradients(total(gelu(features)), { w: features })).toMatchInlineSnapshot(`
    "%0: float32[] = constant(1)
    %1: float32[1, 1] = reshape(%0)
    %2: float32[2, 3] = expand(%1)
    w: float32[2, 3] = parameter()
    %3: float32[] = constant(0.707107)
    %4: float32[2, 3] = mul(w, %3)
    %5: float32[2, 3] = erf(%4)
    %6: float32[] = constant(0.5)
    %7: float32[2, 3] = mul(%5, %6)
    %8: float32[2, 3] = add(%7, %6)
    %9: float32[] = constant(0.707107)
    %10: float32[2, 3] = mul(w, %9)
    %11: float32[] = constant(-0.572365)
    %12: float32[2, 3] = mul(%10, %10)
    %13: float32[2, 3] = sub(%11, %12)
    %14: float32[2, 3] = exp(%13)
    %15: float32[2, 3] = mul(%10, %14)
    %16: float32[2, 3] = add(%8, %15)
    %17: float32[2, 3] = mul(%2, %16)
    return d_w = %17"
  `)
  const [scale, bias] = [x([3]), input('bias', { dtype: 'float32', shape: [3] })]
  const weighted = mul(layerNorm([features, scale, bias], 0.5), features)
  expect(printGradients(total(weighted), { w: features })).toMatchInlineSnapshot(`
    "%0: float32[] = constant(1)
    %1: float32[1, 1] = reshape(%0)
    %2: float32[2, 3] = expand(%1)
    w: float32[2, 3] = parameter()
    x: float32[3] = input()
    bias: float32[3] = input()
    %3: float32[2, 3] = layerNorm(w, x, bias, epsilon: 0.5)
    %4: float32[2, 3] = mul(%2, %3)
    %5: float32[2, 3] = mul(%2, w)
    %6: float32[2, 3] = mul(%5, x)
    %7: float32[2, 1] = mean(%6, axes: [1], keepAxes)
    %8: float32[2, 3] = sub(%6, %7)
    %9: float32[2, 1] = mean(w, axes: [1], keepAxes)
    %10: float32[2, 3] = sub(w, %9)
    %11: float32[2, 3] = mul(%10, %10)
    %12: float32[2, 1] = mean(%11, axes: [1], keepAxes)
    %13: float32[] = constant(0.5)
    %14: float32[2, 1] = add(%12, %13)
    %15: float32[2, 1] = sqrt(%14)
    %16: float32[2, 3] = div(%10, %15)
    %17: float32[2, 3] = mul(%6, %16)
    %18: float32[2, 1] = mean(%17, axes: [1], keepAxes)
    %19: float32[2, 3] = mul(%16, %18)
    %20: float32[2, 3] = sub(%8, %19)
    %21: float32[2, 3] = div(%20, %15)
    %22: float32[2, 3] = add(%4, %21)
    return d_w = %22"
  `)
})

test('gradients of slices that split a tensor are put together again by one concatenation', () => {
  const packed = w([3, 2])
  const part = (i: number) => slice(packed, { axis: 0, start: i, end: i + 1 })
  const loss = total(mul(part(2), add(part(0), part(1))))
  expect(printGradients(loss, { w: packed })).toMatchInlineSnapshot(`
    "%0: float32[] = constant(1)
    %1: float32[1, 1] = reshape(%0)
    %2: float32[1, 2] = expand(%1)
    w: float32[3, 2] = parameter()
    %3: float32[1, 2] = slice(w, axis: 0, start: 2, end: 3)
    %4: float32[1, 2] = mul(%2, %3)
    %5: float32[1, 2] = slice(w, axis: 0, start: 0, end: 1)
    %6: float32[1, 2] = slice(w, axis: 0, start: 1, end: 2)
    %7: float32[1, 2] = add(%5, %6)
    %8: float32[1, 2] = mul(%2, %7)
    %9: float32[3, 2] = concat(%4, %4, %8, axis: 0)
    return d_w = %9"
  `)
})

test('gradients of slices that overlap are added up', () => {
  const packed = w([3])
  const part = (start: number) => slice(packed, { axis: 0, start, end: start + 2 })
  expect(printGradients(total(mul(part(0), part(1))), { w: packed })).toMatchInlineSnapshot(`
    "%0: float32[] = constant(1)
    %1: float32[1] = reshape(%0)
    %2: float32[2] = expand(%1)
    w: float32[3] = parameter()
    %3: float32[2] = slice(w, axis: 0, start: 0, end: 2)
    %4: float32[2] = mul(%2, %3)
    %5: float32[3] = pad(%4, axis: 0, before: 1, after: 0)
    %6: float32[2] = slice(w, axis: 0, start: 1, end: 3)
    %7: float32[2] = mul(%2, %6)
    %8: float32[3] = pad(%7, axis: 0, before: 0, after: 1)
    %9: float32[3] = add(%5, %8)
    return d_w = %9"
  `)
})

test('rows that are gathered twice get both gradients', () => {
  const table = w([5, 2])
  const loss = total(gather(table, input('ids', { dtype: 'int64', shape: [4] })))
  expect(printGradients(loss, { w: table })).toMatchInlineSnapshot(`
    "%0: float32[] = constant(1)
    %1: float32[1, 1] = reshape(%0)
    %2: float32[4, 2] = expand(%1)
    ids: int64[4] = input()
    %3: float32[5, 2] = scatterAdd(%2, ids, size: 5)
    return d_w = %3"
  `)
})

test('the gradient of a loss by itself is one', () => {
  const loss = total(w([2]))
  expect(printGradients(loss, { loss })).toMatchInlineSnapshot(`
    "%0: float32[] = constant(1)
    return d_loss = %0"
  `)
})

test('a gradient is an ordinary tensor and can be differentiated again', () => {
  const scale = w([])
  const [slope] = gradients(mul(mul(scale, scale), scale), [scale])
  const [curvature] = gradients(slope!, [scale])
  expect(curvature!.shape).toEqual([])
})

test('ten thousand operators in a row can be differentiated', () => {
  const start = w([])
  let y: Tensor = start
  for (let i = 0; i < 10_000; i++) y = add(y, start)
  expect(gradients(y, [start])).toHaveLength(1)
})

test('a loss that is no floating-point scalar is refused', () => {
  expect(() => gradients(w([2]), [])).toThrow(
    /^a loss is one floating-point number.*\n {2}parameter w float32\[2\] made at/,
  )
  expect(() => gradients(argmax(w([2])), [])).toThrow('a loss is one floating-point number')
})

test('a tensor that the loss does not use is refused', () => {
  const unused = parameter('unused', { dtype: 'float32', shape: [2] })
  expect(() => gradients(total(w([2])), [unused])).toThrow(
    /no gradient reaches\n {2}parameter unused float32\[2\] made at .*\nfrom the loss\n {2}sum float32\[\] made at .*\nwhich does not use it/,
  )
})

test('a tensor behind operators without a gradient is refused by their names', () => {
  const scores = w([3])
  const loss = add(total(stopGradient(scores)), cast(argmax(scores), 'float32'))
  expect(() => gradients(loss, [scores])).toThrow(
    /because differentiation ends at\n {2}stopGradient float32\[3\] made at .*\n {2}argmax int64\[\] made at/,
  )
})

test('a stopped path takes no gradient beside one that goes on', () => {
  const target = w([2])
  expect(printGradients(total(mul(target, stopGradient(target))), { w: target })).toMatchInlineSnapshot(`
    "%0: float32[] = constant(1)
    %1: float32[1] = reshape(%0)
    %2: float32[2] = expand(%1)
    w: float32[2] = parameter()
    %3: float32[2] = stopGradient(w)
    %4: float32[2] = mul(%2, %3)
    return d_w = %4"
  `)
})
