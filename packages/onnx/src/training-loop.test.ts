import {
  gelu,
  gemm,
  gradients,
  input,
  loop,
  mean,
  mul,
  parameter,
  scalar,
  sub,
  type Tensor,
  tensorValue,
  traceGraph,
} from '@takt/graph'
import { openRuntime, type Runtime, type Tensor as Value } from '@takt/runtime'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ramp } from '../test/plain-tensors.ts'
import { emitModel } from './emit-model.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

const TRIPS = 5
const float32 = (name: string, shape: readonly number[]) => input(name, { dtype: 'float32', shape })
const value = (shape: readonly number[], from: number) => tensorValue({ dtype: 'float32', shape }, ramp(shape, from))
const batches = value([TRIPS, 8, 3], 0)
const targets = value([TRIPS, 8, 2], 5)
const start = value([2, 3], 9)

/** A step of gradient descent on a layer with GELU: loss = mean (gelu(x·wᵀ + b) − target)², w ← w − rate·∂loss/∂w. */
function step(weight: Tensor, batch: Tensor, target: Tensor, rate: Tensor) {
  const bias = parameter('bias', { dtype: 'float32', shape: [2] })
  const error = sub(gelu(gemm([batch, weight, bias], { transposeB: true })), target)
  const loss = mean(mul(error, error), [0, 1])
  const [slope] = gradients(loss, [weight])
  return { weight: sub(weight, mul(rate, slope!)), loss }
}
const parameters = { bias: value([2], 3) }

test('steps in one run of a loop give the bits of the same steps one by one, and the loss falls', async () => {
  const { last, collected } = loop({
    trips: TRIPS,
    initial: { weight: float32('start', [2, 3]) },
    each: { batch: float32('batches', [TRIPS, 8, 3]), target: float32('targets', [TRIPS, 8, 2]) },
    fixed: { rate: float32('rate', []) },
    step: ({ weight }, { batch, target }, { rate }) => {
      const { weight: next, loss } = step(weight, batch, target, rate)
      return { next: { weight: next }, collected: { loss } }
    },
  })
  const looped = await runtime.load(
    emitModel(
      traceGraph({ weight: last.weight, losses: collected.loss, again: mul(last.weight, scalar(1)) }),
      parameters,
    ),
  )
  const rate = tensorValue({ dtype: 'float32', shape: [] }, [0.05])
  const atOnce = await runtime.run(looped, { start, batches, targets, rate })

  const one = step(float32('weight', [2, 3]), float32('batch', [8, 3]), float32('target', [8, 2]), float32('rate', []))
  const single = await runtime.load(emitModel(traceGraph({ next: one.weight, loss: one.loss }), parameters))
  let weight: Value = start
  const losses: number[] = []
  for (let trip = 0; trip < TRIPS; trip++) {
    const [batch, target] = [element(batches, trip), element(targets, trip)]
    const { next, loss } = await runtime.run(single, { weight, batch, target, rate })
    weight = next!
    losses.push(loss!.data[0] as number)
  }

  expect(atOnce.weight).toEqual(weight)
  expect(atOnce.again).toEqual(weight)
  expect([...(atOnce.losses!.data as Float32Array)]).toEqual(losses)
  expect(losses.at(-1)).toBeLessThan(losses[0]!)
})

test('a loop inside a loop, of which only one result is asked for, keeps its names apart', async () => {
  const count = (trips: number, initial: Tensor, grow: (x: Tensor) => Tensor) =>
    loop({
      trips,
      initial: { x: initial },
      each: {},
      fixed: {},
      step: ({ x }) => {
        const next = grow(x)
        return { next: { x: next }, collected: { seen: next } }
      },
    }).last.x
  const outer = count(3, float32('x', []), x =>
    mul(
      count(2, x, inner => sub(inner, scalar(1))),
      scalar(2),
    ),
  )
  const session = await runtime.load(emitModel(traceGraph({ y: outer }), {}))
  const { y } = await runtime.run(session, { x: tensorValue({ dtype: 'float32', shape: [] }, [10]) })
  // 10 → (10 − 2)·2 = 16 → 28 → 52
  expect([...(y!.data as Float32Array)]).toEqual([52])
})

/** Element `index` along the first axis. */
function element({ shape: [count = 1, ...shape], data }: Value, index: number): Value {
  const size = data.length / count
  return { dtype: 'float32', shape, data: (data as Float32Array).slice(index * size, (index + 1) * size) }
}
