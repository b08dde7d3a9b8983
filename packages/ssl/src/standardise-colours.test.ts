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

async function standardise(pixels: TensorValue, floor: number): Promise<readonly number[]> {
  return (await evaluate(runtime, { y: standardiseColours(input('x', pixels), floor) }, { x: pixels })).y!
}

const near = (...numbers: readonly number[]) => numbers.map(number => expect.closeTo(number, 4))

test('red, green and blue come one after the other, and each of each tubelet has mean 0 and deviation 1, whatever its brightness and contrast', async () => {
  const dark = [
    [0, 10, 3],
    [1, 20, 3],
    [2, 30, 9],
  ]
  const bright = dark.map(pixel => pixel.map(level => 100 + 5 * level))
  const once = near(-1, 0, 1, -1, 0, 1, -1 / Math.sqrt(3), -1 / Math.sqrt(3), 2 / Math.sqrt(3))
  expect(await standardise(tubelets(dark, bright), 0)).toEqual([...once, ...once])
})

test('a flat tubelet is 0 everywhere, and contrast far below the floor stays near it', async () => {
  const flat = [
    [7, 7, 100],
    [7, 7, 104],
  ]
  // Deviation 2·√2 of the blue one: ∓2 / (2·√2 + floor).
  const blue = (floor: number) => 2 / (2 * Math.SQRT2 + floor)
  expect(await standardise(tubelets(flat), 255e-6)).toEqual(near(0, 0, 0, 0, -blue(255e-6), blue(255e-6)))
  expect(await standardise(tubelets(flat), 50)).toEqual(near(0, 0, 0, 0, -blue(50), blue(50)))
})
