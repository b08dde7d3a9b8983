import {
  eliminateDeadCode,
  foldConstants,
  type Graph,
  gradients,
  input,
  loop,
  printGraph,
  shareSubexpressions,
  simplify,
  sum,
  type Tensor,
  type TensorValue,
  tanh,
  tensorValue,
  toNumbers,
  traceGraph,
  widenToFloat64,
} from '@takt/graph'
import { openRuntime, type Runtime } from '@takt/runtime'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { largestError, ramp } from '../test/plain-tensors.ts'
import { programsOf, redundant, runProgram, SIZE, type Step, smooth } from '../test/random-graphs.ts'
import { runGraph } from '../test/run-model.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

/** Every pass that promises the same values. */
const passes: Readonly<Record<string, (graph: Graph) => Graph>> = {
  eliminateDeadCode,
  foldConstants,
  simplify,
  shareSubexpressions,
  'all of them': graph => shareSubexpressions(simplify(foldConstants(graph))),
}

/** The passes keep every bit, but the runtime regroups the arithmetic of a leaner graph in another way. */
const REGROUPED = 1e-11

const functions = { ...smooth, ...redundant }
const shape = [SIZE, SIZE]

test('each pass keeps every value of a random graph and its gradients, inside loops too, and has no more to do after', async () => {
  await fc.assert(
    fc.asyncProperty(programsOf(functions), async steps => {
      const graph = randomGraph(steps, 'float64')
      const plain = await run(graph, 'float64')
      for (const [name, pass] of Object.entries(passes)) {
        const after = pass(graph)
        expect(after.tensors.length, name).toBeLessThanOrEqual(graph.tensors.length)
        expect(printGraph(pass(after)), name).toBe(printGraph(after))
        expectSame(await run(after, 'float64'), plain, REGROUPED)
      }
    }),
    { numRuns: 10 },
  )
})

test('widened to float64, a random graph gives what it gives in float32, to within its rounding', async () => {
  await fc.assert(
    fc.asyncProperty(programsOf(functions), async steps => {
      const graph = randomGraph(steps, 'float32')
      const wide = widenToFloat64(graph)
      expect(printGraph(wide)).not.toContain('float32')
      expectSame(await run(wide, 'float64'), await run(graph, 'float32'), 1e-3)
    }),
    { numRuns: 10 },
  )
})

/** A random loss with its gradients, and two trips of a loop that goes on with both. */
function randomGraph(steps: readonly Step[], dtype: 'float32' | 'float64'): Graph {
  const leaves = ['a', 'b'].map(name => input(name, { dtype, shape }))
  const [a, b] = leaves as [Tensor, Tensor]
  const lossOf = (...tensors: readonly Tensor[]) => sum(runProgram(functions, steps, tensors), [0, 1])
  const loss = lossOf(a, b)
  const [byA, byB] = gradients(loss, leaves)
  const { last, collected } = loop({
    trips: 2,
    initial: { x: a },
    each: {},
    fixed: { y: b },
    step: ({ x }, _, { y }) => {
      const losses = lossOf(x, y)
      const [slope] = gradients(losses, [x])
      return { next: { x: tanh(slope!) }, collected: { losses } }
    },
  })
  return traceGraph({ loss, byA: byA!, byB: byB!, last: last.x, losses: collected.losses })
}

async function run(graph: Graph, dtype: 'float32' | 'float64'): Promise<Readonly<Record<string, TensorValue>>> {
  const feed = Object.fromEntries(
    ['a', 'b'].map((name, i) => [name, tensorValue({ dtype, shape }, ramp(shape, 10 * i))]),
  )
  const [outputs] = await runGraph(runtime, graph, [feed])
  return outputs as Readonly<Record<string, TensorValue>>
}

/** Relative to the largest number of each output. */
function expectSame(
  found: Readonly<Record<string, TensorValue>>,
  expected: Readonly<Record<string, TensorValue>>,
  tolerance: number,
): void {
  expect(Object.keys(found)).toEqual(Object.keys(expected))
  for (const [name, value] of Object.entries(expected)) {
    expect(found[name]!.shape).toEqual(value.shape)
    const scale = Math.max(1, ...toNumbers(value).map(Math.abs))
    expect(largestError(toNumbers(found[name]!), toNumbers(value)) / scale, name).toBeLessThan(tolerance)
  }
}
