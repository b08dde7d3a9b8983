import { input, type TensorValue, tensorValue } from '@takt/graph'
import { mapNamed, type Named } from '@takt/nn'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { evaluate } from '../../test/evaluate.ts'
import { augment } from './augment.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

const SIZE = 4
const spec = {
  architecture: 'video-vit',
  inputSize: SIZE,
  frames: 2,
  tubelet: 2,
  patch: 2,
  dim: 8,
  depth: 1,
  heads: 1,
  grid: 1,
} as const

/** 4 frames of one clip, grey: level 60·frame + 10·column. */
const pixels = Array.from({ length: 4 * SIZE * SIZE * 3 }, (_, i) => {
  return 60 * Math.floor(i / (3 * SIZE * SIZE)) + 10 * (Math.floor(i / 3) % SIZE)
})
const whole = [1, 0]

/** Red levels of the first row of the view's frames. */
async function rows(drawn: Named<readonly number[]>, shown = pixels): Promise<readonly (readonly number[])[]> {
  const feeds: Named<TensorValue> = {
    ...mapNamed(drawn, numbers => tensorValue({ dtype: 'float32', shape: [1] }, numbers)),
    rows: tensorValue({ dtype: 'float32', shape: [1, 2] }, drawn.rows ?? whole),
    columns: tensorValue({ dtype: 'float32', shape: [1, 2] }, drawn.columns ?? whole),
    firstTime: tensorValue({ dtype: 'int64', shape: [] }, drawn.firstTime ?? [0]),
    frames: tensorValue({ dtype: 'uint8', shape: [1, 4, SIZE, SIZE, 3] }, shown),
  }
  const { frames, ...inputs } = mapNamed(feeds, (value, name) => input(name, value))
  const found = (await evaluate(runtime, { y: augment(frames!, inputs, spec).frames }, feeds)).y!
  return [0, 1].map(frame => Array.from({ length: SIZE }, (_, x) => found[(frame * SIZE * SIZE + x) * 3]!))
}

const near = (...numbers: readonly number[]) => numbers.map(number => expect.closeTo(number, 2))

test('a view that nothing alters is its clip from the drawn time on', async () => {
  expect(await rows({})).toEqual([near(0, 10, 20, 30), near(60, 70, 80, 90)])
  expect(await rows({ firstTime: [1] })).toEqual([near(120, 130, 140, 150), near(180, 190, 200, 210)])
})

test('a negative width mirrors, and a half is enlarged', async () => {
  expect((await rows({ columns: [-1, 0] }))[0]).toEqual(near(30, 20, 10, 0))
  expect((await rows({ columns: [0.5, 0], rows: [0.5, 0] }))[0]).toEqual(near(7.5, 12.5, 17.5, 22.5))
})

test('colours are altered by the factors that are given, and left alone by those of no change', async () => {
  const still = { brightness: [1], contrast: [1], saturation: [1], hue: [0], blur: [0.05], solarise: [0] }
  expect(await rows(still)).toEqual([near(0, 10, 20, 30), near(60, 70, 80, 90)])
  expect((await rows({ brightness: [2] }))[1]).toEqual(near(120, 140, 160, 180))
  expect((await rows({ brightness: [2], solarise: [1] }))[1]).toEqual(near(120, 255 - 140, 255 - 160, 255 - 180))
})

test('a blur keeps what is flat and mixes neighbours by the Gaussian of its deviation', async () => {
  const spot = pixels.map((_, i) => (Math.floor(i / 3) % SIZE === 0 ? 100 : 0))
  const weights = [0, 1, 2, 3].map(column => {
    const all = [0, 1, 2, 3].map(other => Math.exp(-((column - other) ** 2) / 2))
    return (100 * all[0]!) / all.reduce((a, b) => a + b)
  })
  expect((await rows({ blur: [1] }, spot))[0]).toEqual(near(...weights))
  expect(
    (
      await rows(
        { blur: [1] },
        pixels.map(() => 80),
      )
    )[0],
  ).toEqual(near(80, 80, 80, 80))
})
