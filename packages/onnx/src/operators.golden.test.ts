import { readFile } from 'node:fs/promises'
import {
  gradients,
  input,
  isFloat,
  mul,
  sum,
  type Tensor,
  type TensorValue,
  tensorValue,
  toNumbers,
  traceGraph,
} from '@takt/graph'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { composedCases, goldenCases } from '../test/golden-cases.ts'
import { runGraph } from '../test/run-model.ts'
import type { NamedTensors } from './emit-model.ts'
import { decodeSafetensors } from './safetensors.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

/** From golden/operators.py. */
const golden = decodeSafetensors(await readFile(new URL('../golden/operators.safetensors', import.meta.url))).tensors
const cases = Object.entries({ ...goldenCases, ...composedCases }).flatMap(([operator, build]) =>
  typeof build === 'function'
    ? [[operator, build] as const]
    : Object.entries(build).map(([name, build]) => [`${operator}/${name}`, build] as const),
)

/** Relative to a number where it is larger than 1; of arithmetic in another order than PyTorch's. */
const tolerances = { float32: 1e-5, float64: 1e-12 } as const

describe.each(Object.entries(tolerances))('in %s value and gradients are those of PyTorch', (type, tolerance) => {
  const inType = (value: TensorValue) =>
    isFloat(value.dtype) ? tensorValue({ ...value, dtype: type as 'float32' }, toNumbers(value)) : value

  test.each(cases)('%s', async (name, build) => {
    const { y: value, dy: upstream, ...parts } = partsOf(name)
    const feeds = Object.fromEntries(['a', 'b', 'c'].flatMap(leaf => (parts[leaf] ? [[leaf, parts[leaf]]] : [])))
    const leaves = Object.entries(feeds).map(([leaf, value]) => input(leaf, inType(value)))
    const y = build(...(leaves as [Tensor, Tensor, Tensor]))
    const slopes = upstream ? slopesOf(y, input('dy', inType(upstream)), leaves) : {}
    const fed = upstream ? { ...feeds, dy: upstream } : feeds
    const typed = Object.fromEntries(Object.entries(fed).map(([leaf, value]) => [leaf, inType(value)]))
    const [found] = await runGraph(runtime, traceGraph({ y, ...slopes }), [typed])

    const expected = Object.entries({ y: value!, ...parts }).filter(([part]) => !(part in feeds))
    expect(Object.keys(found!).toSorted()).toEqual(expected.map(([part]) => part).toSorted())
    for (const [part, numbers] of expected) {
      expect(found![part]!.shape, part).toEqual(numbers.shape)
      expect(relativeError(toNumbers(found![part] as TensorValue), toNumbers(numbers)), part).toBeLessThan(tolerance)
    }
  })
})

test('each case of the golden file is built', () => {
  const names = Object.keys(golden).map(name => name.slice(0, name.lastIndexOf('/')))
  expect(cases.map(([name]) => name).toSorted()).toEqual([...new Set(names)].toSorted())
})

test('differentiation ends at these operators alone', () => {
  const differentiable = (operator: string) =>
    Object.keys(golden).some(part => part.startsWith(`${operator}/`) && part.endsWith('/dy'))
  const ends = Object.keys(goldenCases).filter(operator => !differentiable(operator))
  expect(ends).toEqual(['equal', 'less', 'sign', 'floor', 'argmax', 'topK', 'loop'])
})

/** ∂(Σ y·d)/∂leaf, under the names of the golden file. */
function slopesOf(y: Tensor, d: Tensor, leaves: readonly Tensor[]): Readonly<Record<string, Tensor>> {
  const learnt = leaves.filter(({ dtype }) => isFloat(dtype))
  const loss = y.shape.length === 0 ? mul(y, d) : sum(mul(y, d), [...y.shape.keys()])
  const names = learnt.map(leaf => (leaf.operator === 'input' ? `d${leaf.attributes.name}` : ''))
  return Object.fromEntries(gradients(loss, learnt).map((slope, i) => [names[i]!, slope]))
}

function partsOf(name: string): NamedTensors {
  const parts = Object.entries(golden).filter(([part]) => part.slice(0, part.lastIndexOf('/')) === name)
  return Object.fromEntries(parts.map(([part, value]) => [part.slice(name.length + 1), value]))
}

function relativeError(found: readonly number[], expected: readonly number[]): number {
  const errors = expected.map((number, i) =>
    // An infinite number must be met exactly.
    found[i] === number ? 0 : Math.abs(found[i]! - number) / Math.max(1, Math.abs(number)),
  )
  return Math.max(...errors)
}
