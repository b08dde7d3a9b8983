import { constant, float32, scalar } from '@takt/graph'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { evaluate } from '../../test/evaluate.ts'
import { mapNamed } from '../named.ts'
import { clipByGlobalNorm } from './clip-by-global-norm.ts'
import { ema } from './ema.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

const vector = (...numbers: readonly number[]) => constant(float32([numbers.length], numbers))
const near = (...numbers: readonly number[]) => numbers.map(number => expect.closeTo(number, 5))
const clip = (limit: number, a: readonly number[], b: number) => {
  const { gradients, norm } = clipByGlobalNorm({ a: vector(...a), b: scalar(b) }, limit)
  return evaluate(runtime, { ...gradients, norm })
}

test('gradients longer than the limit together are shortened to it, each in proportion', async () => {
  // ‖(2, 3, 6)‖ = 7
  expect(await clip(3.5, [2, 3], 6)).toEqual({ a: near(1, 1.5), b: near(3), norm: near(7) })
})

test('shorter gradients pass to the bit', async () => {
  expect(await clip(7.5, [2, 3], 6)).toEqual({ a: [2, 3], b: [6], norm: near(7) })
})

test('zero gradients stay zero', async () => {
  expect(await clip(1, [0, 0], 0)).toEqual({ a: [0, 0], b: [0], norm: [0] })
})

test('one gradient that is not finite shows in the norm', async () => {
  expect((await clip(1, [2, Number.NaN], 6)).norm).toEqual([Number.NaN])
  expect((await clip(1, [2, Number.POSITIVE_INFINITY], 6)).norm).toEqual([Number.POSITIVE_INFINITY])
})

const follow = (teacher: readonly number[], student: readonly number[], momentum: number) =>
  evaluate(
    runtime,
    ema({ teacher: { w: vector(...teacher) }, student: { w: vector(...student) }, momentum: scalar(momentum) }),
  )

test('a teacher keeps its share of itself and takes the rest from its student', async () => {
  // .9·(10, −10) + .1·(20, 0)
  expect(await follow([10, -10], [20, 0], 0.9)).toEqual({ w: near(11, -9) })
  expect(await follow([10, -10], [20, 0], 1)).toEqual({ w: [10, -10] })
})

test('a teacher equal to its student stays so to the bit', async () => {
  const weights = [0.1, 1 / 3, 1e-20].map(Math.fround)
  expect(await follow(weights, weights, 0.996)).toEqual({ w: weights })
})

test('a teacher of another network is refused', () => {
  const student = mapNamed({ w: [1], b: [1] }, numbers => vector(...numbers))
  expect(() => ema({ teacher: { w: vector(1) }, student, momentum: scalar(1) })).toThrow(
    'teacher\'s weights do not match the parameters; missing: "b"',
  )
})
