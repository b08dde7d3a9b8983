import { input, type Tensor, tensorValue, traceGraph } from '@takt/graph'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { operatorCases } from '../test/operator-cases.ts'
import { largestError, type Numbers, ramp } from '../test/plain-tensors.ts'
import { runGraph } from '../test/run-model.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

/** Arithmetic in another order than the reference's. */
const tolerances = { float32: 4e-6, float64: 1e-12 } as const

describe.each(Object.entries(tolerances))('in %s each operator gives the value of its formula', (type, tolerance) => {
  const dtype = type as keyof typeof tolerances
  test.each(Object.entries(operatorCases))('%s', async (_, { result, shapes, reference }) => {
    const leaves = shapes.map((shape = [], i) => ({ name: 'abc'[i]!, dtype, shape, numbers: ramp(shape, 10 * i) }))
    const y = result(...(leaves.map(({ name, shape }) => input(name, { dtype, shape })) as [Tensor, Tensor, Tensor]))
    const feeds = Object.fromEntries(leaves.map(leaf => [leaf.name, tensorValue(leaf, leaf.numbers)]))
    const [outputs] = await runGraph(runtime, traceGraph({ y }), [feeds])
    expect(outputs?.y).toMatchObject({ dtype, shape: y.shape })
    const expected = reference(
      ...(leaves.map(({ numbers }) => numbers) as readonly Numbers[] as readonly [Numbers, Numbers, Numbers]),
    )
    expect(largestError(outputs!.y!.data as Float32Array, expected)).toBeLessThan(tolerance)
  })
})
