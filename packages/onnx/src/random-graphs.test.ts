import {
  foldConstants,
  gradients,
  input,
  shareSubexpressions,
  simplify,
  sum,
  tensorValue,
  traceGraph,
} from '@takt/graph'
import { openRuntime, type Runtime } from '@takt/runtime'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { gradientError } from '../test/gradient-error.ts'
import { largestError, ramp } from '../test/plain-tensors.ts'
import { programs, runProgram, SIZE } from '../test/random-graphs.ts'
import { runGraph } from '../test/run-model.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

const shape = [SIZE, SIZE]
const leaves = ['a', 'b'].map((name, i) => ({ name, shape, numbers: ramp(shape, 10 * i) }))

test('the gradient of any composition of operators is that of central differences in float64, to within 1e-6', async () => {
  await fc.assert(
    fc.asyncProperty(programs, async steps => {
      const error = await gradientError(runtime, leaves, (...tensors) => runProgram(steps, tensors))
      expect(error).toBeLessThan(1e-6)
    }),
    { numRuns: 40 },
  )
})

/** The passes keep every bit, but the runtime regroups the arithmetic of a leaner graph in another way. */
const REGROUPED = 1e-12

test('simplified, folded and with shared subexpressions, a loss and its gradients are the same', async () => {
  const dtype = 'float64'
  const feeds = [Object.fromEntries(leaves.map(leaf => [leaf.name, tensorValue({ dtype, shape }, leaf.numbers)]))]
  await fc.assert(
    fc.asyncProperty(programs, async steps => {
      const tensors = leaves.map(({ name }) => input(name, { dtype, shape }))
      const loss = sum(runProgram(steps, tensors), [0, 1])
      const [byA, byB] = gradients(loss, tensors)
      const graph = traceGraph({ loss, byA: byA!, byB: byB! })
      const leaner = shareSubexpressions(simplify(foldConstants(graph)))
      expect(leaner.tensors.length).toBeLessThan(graph.tensors.length)
      const [[plain], [lean]] = [await runGraph(runtime, graph, feeds), await runGraph(runtime, leaner, feeds)]
      for (const [name, { shape, data }] of Object.entries(plain!)) {
        expect(lean![name]!.shape).toEqual(shape)
        expect(largestError(lean![name]!.data as Float64Array, data as Float64Array)).toBeLessThan(REGROUPED)
      }
    }),
    { numRuns: 20 },
  )
})
