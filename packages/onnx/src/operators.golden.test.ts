import { type TensorValue, toNumbers } from '@takt/graph'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { goldenCases } from '../test/golden-cases.ts'
import { golden, goldenGraph, namedCases } from '../test/golden-graph.ts'
import { runGraph } from '../test/run-model.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

/** Relative to a number where it is larger than 1; of arithmetic in another order than PyTorch's. */
const tolerances = { float32: 1e-5, float64: 1e-12 } as const

describe.each(Object.entries(tolerances))('in %s value and gradients are those of PyTorch', (dtype, tolerance) => {
  test.each(namedCases)('%s', async (name, build) => {
    const { graph, feeds, expected } = goldenGraph(name, build, dtype as keyof typeof tolerances)
    const [found] = await runGraph(runtime, graph, [feeds])
    expect(Object.keys(found!).toSorted()).toEqual(Object.keys(expected).toSorted())
    for (const [part, value] of Object.entries(expected)) {
      expect(found![part]!.shape, part).toEqual(value.shape)
      expect(relativeError(toNumbers(found![part] as TensorValue), toNumbers(value)), part).toBeLessThan(tolerance)
    }
  })
})

test('each case of the golden file is built', () => {
  const names = Object.keys(golden).map(part => part.slice(0, part.lastIndexOf('/')))
  expect(namedCases.map(([name]) => name).toSorted()).toEqual([...new Set(names)].toSorted())
})

test('differentiation ends at these operators alone', () => {
  const differentiable = (operator: string) =>
    Object.keys(golden).some(part => part.startsWith(`${operator}/`) && part.endsWith('/dy'))
  const ends = Object.keys(goldenCases).filter(operator => !differentiable(operator))
  expect(ends).toEqual(['equal', 'less', 'sign', 'floor', 'argmax', 'topK', 'loop'])
})

function relativeError(found: readonly number[], expected: readonly number[]): number {
  const errors = expected.map((number, i) =>
    // An infinite number must be met exactly.
    found[i] === number ? 0 : Math.abs(found[i]! - number) / Math.max(1, Math.abs(number)),
  )
  return Math.max(...errors)
}
