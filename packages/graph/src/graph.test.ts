import { expect, test } from 'vitest'
import { traceGraph } from './graph.ts'
import { add } from './ops/add.ts'
import { input } from './ops/input.ts'
import { mul } from './ops/mul.ts'
import { parameter } from './ops/parameter.ts'
import { scalar } from './ops/scalar.ts'
import { eliminateDeadCode } from './passes/eliminate-dead-code.ts'
import { selectOutputs } from './passes/select-outputs.ts'
import { printGraph } from './print-graph.ts'
import type { TensorType } from './tensor-value.ts'

const row: TensorType = { dtype: 'float32', shape: [2] }

test('a traced graph holds each tensor once, after its inputs', () => {
  const x = input('x', row)
  const doubled = add(x, x)
  expect(printGraph(traceGraph({ y: mul(doubled, doubled), doubled }))).toMatchInlineSnapshot(`
    "x: float32[2] = input()
    %0: float32[2] = add(x, x)
    %1: float32[2] = mul(%0, %0)
    return y = %1
    return doubled = %0"
  `)
})

test('tracing a chain of ten thousand tensors does not exhaust the stack', () => {
  let y = input('x', row)
  for (let i = 0; i < 10_000; i++) y = add(y, y)
  expect(traceGraph({ y }).tensors).toHaveLength(10_001)
})

test('two leaves of one name are refused with the place of each', () => {
  const y = add(input('x', row), parameter('x', row))
  expect(() => traceGraph({ y })).toThrow(
    /name "x" is used for 2 tensors\n {2}input x float32\[2\] made at graph.test.ts/,
  )
})

test('an output under the name of a leaf is refused', () => {
  const x = input('x', row)
  expect(() => traceGraph({ x: add(x, x) })).toThrow('name "x" is used for 2 tensors')
})

test.each(['', '%0', '.x', 'a b', 'x\n', '0'])('the name %j is refused', name => {
  expect(() => input(name, row)).toThrow(/must be letters/)
  expect(() => traceGraph({ [name]: input('x', row) })).toThrow(/must be letters/)
})

test('selecting outputs leaves what the others needed dead, and dead code elimination removes it', () => {
  const x = input('x', row)
  const graph = traceGraph({ kept: add(x, scalar(1)), dropped: mul(x, parameter('scale', row)) })
  const selected = selectOutputs(graph, ['kept'])
  expect(selected.tensors).toHaveLength(5)
  expect(printGraph(eliminateDeadCode(selected))).toMatchInlineSnapshot(`
    "x: float32[2] = input()
    %0: float32[] = constant(1)
    %1: float32[2] = add(x, %0)
    return kept = %1"
  `)
})

test('dead code elimination leaves a traced graph as it is', () => {
  const graph = traceGraph({ y: add(input('x', row), scalar(1)) })
  expect(eliminateDeadCode(graph)).toEqual(graph)
})

test('selecting an output that a graph does not have names those it has', () => {
  const graph = traceGraph({ y: input('x', row) })
  expect(() => selectOutputs(graph, ['toString'])).toThrow('graph has no output "toString"; it has y')
})
