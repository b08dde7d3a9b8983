import { gemm, input, matmul, printGraph, type Shape, swapLastAxes, traceGraph } from '@takt/graph'
import { expect, test } from 'vitest'
import { productForms, productGraph } from './matrix-products.ts'

const leaf = (name: string, shape: Shape) => input(name, { dtype: 'float32', shape })
const [rows, weight, bias] = [leaf('rows', [6, 4]), leaf('weight', [3, 4]), leaf('bias', [3])]
const [queries, keys] = [leaf('queries', [2, 5, 4]), leaf('keys', [2, 7, 4])]
const graph = traceGraph({
  first: gemm([rows, weight, bias], { transposeB: true }),
  second: gemm([leaf('others', [6, 4]), weight, bias], { transposeB: true }),
  scores: matmul(queries, swapLastAxes(keys)),
})

test('equal shapes are one form, with a count and the cost of one product', () => {
  expect(productForms(graph).map(({ count, flops }) => [count, flops])).toEqual([
    [2, 2 * 6 * 4 * 3],
    [1, 2 * 2 * 5 * 4 * 7],
  ])
})

test('the products of three steps are made as often, on operands that are transposed where the step transposes them', () => {
  expect(printGraph(productGraph(productForms(graph), 3))).toMatchInlineSnapshot(`
    "total: float32[] = input()
    a.0: float32[6, 4] = input()
    b.0: float32[3, 4] = input()
    c.0: float32[3] = input()
    %0: float32[] = loop(trips: 6, state: (sum: total), each: (), fixed: (a: a.0, b: b.0, c: c.0), result: next.sum) {
      sum: float32[] = input()
      a: float32[6, 4] = input()
      b: float32[3, 4] = input()
      c: float32[3] = input()
      %0: float32[6, 3] = gemm(a, b, c, transposeB)
      %1: float32[1, 3] = slice(%0, axis: 0, start: 0, end: 1)
      %2: float32[1, 1] = slice(%1, axis: 1, start: 0, end: 1)
      %3: float32[] = reshape(%2)
      %4: float32[] = add(sum, %3)
      return next.sum = %4
    }
    a.1: float32[2, 5, 4] = input()
    b.1: float32[2, 7, 4] = input()
    %1: float32[] = loop(trips: 3, state: (sum: %0), each: (), fixed: (a: a.1, b: b.1), result: next.sum) {
      sum: float32[] = input()
      a: float32[2, 5, 4] = input()
      b: float32[2, 7, 4] = input()
      %0: float32[2, 4, 7] = transpose(b, permutation: [0, 2, 1])
      %1: float32[2, 5, 7] = matmul(a, %0)
      %2: float32[1, 5, 7] = slice(%1, axis: 0, start: 0, end: 1)
      %3: float32[1, 1, 7] = slice(%2, axis: 1, start: 0, end: 1)
      %4: float32[1, 1, 1] = slice(%3, axis: 2, start: 0, end: 1)
      %5: float32[] = reshape(%4)
      %6: float32[] = add(sum, %5)
      return next.sum = %6
    }
    %2: float32[1] = reshape(%1)
    return next.total = %1
    return loss = %2"
  `)
})
