import { input, type TensorValue, tensorValue } from '@takt/graph'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { evaluate } from '../test/evaluate.ts'
import { standardiseColours } from './standardise-colours.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

/** One tubelet a row, given as [red, green, blue] by pixel. */
const tubelets = (...rows: readonly (readonly (readonly number[])[])[]): TensorValue =>
  tensorValue({ dtype: 'uint8', shape: [rows.length, rows[0]!.length * 3] }, rows.flat(2))

async function standardise(pixels: TensorValue): Promise<readonly number[]> {
  return (await evaluate(runtime, { y: standardiseColours(input('x', pixels)) }, { x: pixels })).y!
}

const near = (...numbers: readonly number[]) => numbers.map(number => expect.closeTo(number, 3))

test('red, green and blue come one after the other, and each of each tubelet has mean 0 and deviation 1, whatever its brightness and contrast', async () => {
  const dark = [
    [0, 10, 3],
    [1, 20, 3],
    [2, 30, 9],
  ]
  const bright = dark.map(pixel => pixel.map(level => 100 + 5 * level))
  const once = near(-1, 0, 1, -1, 0, 1, -1 / Math.sqrt(3), -1 / Math.sqrt(3), 2 / Math.sqrt(3))
  expect(await standardise(tubelets(dark, bright))).toEqual([...once, ...once])
})

test('a flat colour is 0 everywhere', async () => {
  const flat = [
    [7, 255, 100],
    [7, 255, 104],
  ]
  const half = Math.SQRT1_2
  expect(await standardise(tubelets(flat))).toEqual(near(0, 0, 0, 0, -half, half))
})
