import { add, mul, sub, sum, type TensorType, type TensorValue, tensorValue } from '@takt/graph'
import { emitModel } from '@takt/onnx'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { objectiveGraph, stateOf } from './objective-graph.ts'
import { sgd } from './optimisers/sgd.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

const STEPS = 3
const single: TensorType = { dtype: 'float32', shape: [1] }
const of = (number: number): TensorValue => tensorValue(single, [number])
const each = (...numbers: readonly number[]) => tensorValue({ dtype: 'float32', shape: [numbers.length] }, numbers)

/** Σ of (a − x)² and (b − x)², of which b is learnt steadily; a's teacher follows it, and every x is added up. */
const graph = objectiveGraph({
  stepsPerCall: STEPS,
  parameters: { a: single, b: single },
  teacher: { a: single },
  memory: { seen: single },
  batch: { x: single },
  optimiser: sgd({ momentum: 0 }),
  clipNorm: Number.POSITIVE_INFINITY,
  steady: name => name === 'b',
  objective: ({ a, b }, { x }, { teacher, memory }) => {
    const errors = [sub(a!, x!), sub(b!, x!)]
    const loss = errors.map(error => mul(error, error)).reduce(add)
    return { loss: sum(loss, [0]), memory: { seen: add(memory.seen!, x!) }, collected: { followed: teacher.a! } }
  },
})

test('a teacher follows, a memory is carried, and steady parameters learn at a rate of their own', async () => {
  const first = { a: of(0), b: of(0) }
  const state = stateOf<TensorValue>(first, sgd({ momentum: 0 }), { teacher: { a: of(0) }, memory: { seen: of(10) } })
  const session = await runtime.load(emitModel(graph, {}))
  const found = await runtime.run(session, {
    ...(state as Readonly<Record<string, TensorValue>>),
    x: tensorValue({ dtype: 'float32', shape: [STEPS, 1] }, [1, 1, 2]),
    rate: each(0.25, 0.25, 0),
    steadyRate: each(0.5, 0, 0),
    decay: each(0, 0, 0),
    step: each(1, 2, 3),
    momentum: each(0.5, 0, 1),
  })
  const numbers = (name: string) => Array.from(found[name]!.data as Float32Array)
  // a: 0 → .5 → .75 → .75, b: 0 → 1 → 1 → 1, the teacher: 0 → .25 → .75 → .75
  expect(numbers('next.parameters.a')).toEqual([0.75])
  expect(numbers('next.parameters.b')).toEqual([1])
  expect(numbers('next.teacher.a')).toEqual([0.75])
  expect(numbers('next.memory.seen')).toEqual([14])
  expect(numbers('followed')).toEqual([0, 0.25, 0.75])
  expect(numbers('loss')).toEqual([2, 0.25, 1.25 ** 2 + 1])
})
