import { add, exp, input, mul, neg, type Tensor, traceGraph } from '@takt/graph'
import { expect, test } from 'vitest'
import type { Fuse } from './fusion.ts'
import { planFusions } from './plan-fusions.ts'

const x = input('x', { dtype: 'float32', shape: [2] })
const operators = (tensors: readonly Tensor[]) => tensors.map(({ operator }) => operator)

/** Takes −eˣ from x at once. */
const fuseNegExp: Fuse = tensor => {
  if (tensor.operator !== 'neg' || tensor.inputs[0].operator !== 'exp') return undefined
  return { inputs: tensor.inputs[0].inputs, lower: () => ({}) }
}
const fuseNeg: Fuse = tensor => (tensor.operator === 'neg' ? { inputs: tensor.inputs, lower: () => ({}) } : undefined)

test('what only a fused tensor needed is gone', () => {
  const { tensors, fusions } = planFusions(traceGraph({ y: neg(exp(x)) }), [fuseNegExp])
  expect(operators(tensors)).toEqual(['input', 'neg'])
  expect(fusions.get(tensors[1]!)?.inputs).toEqual([x])
})

test('what others need as well stays', () => {
  const e = exp(x)
  const { tensors } = planFusions(traceGraph({ y: mul(neg(e), e) }), [fuseNegExp])
  expect(operators(tensors)).toEqual(['input', 'exp', 'neg', 'mul'])
})

test('the first of the fusions that recognise a tensor has it', () => {
  const graph = traceGraph({ y: add(neg(exp(x)), neg(x)) })
  expect(operators(planFusions(graph, [fuseNegExp, fuseNeg]).tensors)).toEqual(['input', 'neg', 'neg', 'add'])
  expect(operators(planFusions(graph, [fuseNeg, fuseNegExp]).tensors)).toEqual(['input', 'exp', 'neg', 'neg', 'add'])
})

test('without fusions a graph is left as it is', () => {
  const graph = traceGraph({ y: neg(exp(x)) })
  expect(planFusions(graph, [])).toEqual({ tensors: graph.tensors, fusions: new Map() })
})
