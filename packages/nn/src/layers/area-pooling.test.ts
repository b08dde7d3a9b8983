import { constant, float32 } from '@takt/graph'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { evaluate } from '../../test/evaluate.ts'
import { poolAreas } from './area-pooling.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

const pool = async (side: number, grid: number, value: (y: number, x: number) => number) => {
  const rows = Array.from({ length: side * side }, (_, i) => value(Math.floor(i / side), i % side))
  const tokens = constant(float32([1, 2, side * side, 1], [...rows, ...rows.map(x => -x)]))
  const { cells } = await evaluate(runtime, { cells: poolAreas(tokens, { side, grid }) }, {})
  return cells!
}

test('cells of 3.5 tokens count half of the token that they share, in each time step', async () => {
  const cells = await pool(14, 4, (_, x) => x)
  const along = [0 + 1 + 2 + 1.5, 1.5 + 4 + 5 + 6, 7 + 8 + 9 + 5, 5 + 11 + 12 + 13].map(sum => sum / 3.5)
  const expected = [...along, ...along, ...along, ...along]
  expect(cells).toEqual([...expected, ...expected.map(x => -x)].map(x => expect.closeTo(x, 5)))
})

test('a grid that divides the tokens has their plain means', async () => {
  expect((await pool(4, 2, (y, x) => 4 * y + x)).slice(0, 4)).toEqual([2.5, 4.5, 10.5, 12.5])
})
