import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openEncoder } from './encoder.ts'
import { fixtureModel } from './fixtures/fixture-model.ts'
import { openRuntime, type Runtime } from './runtime.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

const models = new Map([
  [1, await fixtureModel('encoder-1')],
  [4, await fixtureModel('encoder-4')],
])
const double = await fixtureModel('double')

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

/** 3 frames of 4 equal bytes; its features are the three bytes as float16. */
const clip = (...bytes: readonly [number, number, number]) =>
  Uint8Array.from(bytes.flatMap(byte => Array(4).fill(byte)))
const halves = (...numbers: readonly number[]) => new Uint16Array(Float16Array.from(numbers).buffer)

/** An encoder that notes which batches it builds models for. */
function noting(batchSizes: readonly number[]) {
  const built: number[] = []
  const modelFor = (batch: number) => {
    built.push(batch)
    return models.get(batch)!
  }
  return { built, encoder: openEncoder(runtime, { modelFor, batchSizes }) }
}

test('concurrent callers share batches and each gets the features of its own clips, in order', async () => {
  const { built, encoder } = noting([1, 4])
  await using _ = encoder
  const [first, second] = await Promise.all([
    encoder.embedClips([clip(1, 2, 3), clip(4, 5, 6)]),
    encoder.embedClips([clip(7, 8, 9), clip(10, 11, 12), clip(13, 14, 15)]),
  ])
  expect(first).toEqual([halves(1, 2, 3), halves(4, 5, 6)])
  expect(second).toEqual([halves(7, 8, 9), halves(10, 11, 12), halves(13, 14, 15)])
  expect(built).toEqual([4, 1])
})

test('padding of a batch reaches nobody', async () => {
  const { encoder } = noting([4])
  await using _ = encoder
  expect(await encoder.embedClips([clip(1, 2, 3)])).toEqual([halves(1, 2, 3)])
})

test('no clips give no features', async () => {
  const { built, encoder } = noting([1])
  await using _ = encoder
  expect(await encoder.embedClips([])).toEqual([])
  expect(built).toEqual([])
})

test('a clip of the wrong size fails its caller alone', async () => {
  const { encoder } = noting([1, 4])
  await using _ = encoder
  const [wrong, right] = await Promise.allSettled([
    encoder.embedClips([new Uint8Array(11)]),
    encoder.embedClips([clip(1, 2, 3)]),
  ])
  expect(wrong).toMatchObject({
    reason: { code: 'bad_clip', retryable: false, message: 'a clip has 11 bytes, but the encoder takes 12' },
  })
  expect(right).toMatchObject({ value: [halves(1, 2, 3)] })
})

test('a hundred clips from many callers are all embedded', async () => {
  const { encoder } = noting([1, 4])
  await using _ = encoder
  const calls = Array.from({ length: 25 }, (_, i) => Array.from({ length: 4 }, (_, j) => clip(i, j, 7)))
  const results = await Promise.all(calls.map(clips => encoder.embedClips(clips)))
  expect(results).toEqual(calls.map((clips, i) => clips.map((_, j) => halves(i, j, 7))))
})

test('more clips than may wait are refused as retryable', async () => {
  const { encoder } = noting([4])
  await using _ = encoder
  await expect(encoder.embedClips(Array(513).fill(clip(1, 2, 3)))).rejects.toMatchObject({
    code: 'queue_full',
    retryable: true,
  })
})

test('clips that come as soon as others are done are embedded too', async () => {
  const { encoder } = noting([1])
  await using _ = encoder
  for (let i = 0; i < 10; i++) expect(await encoder.embedClips([clip(i, 2, 3)])).toEqual([halves(i, 2, 3)])
})

test('a child killed between batches costs no features, and one killed in a batch fails it as retryable', async () => {
  const { encoder } = noting([1])
  await using _ = encoder
  expect(await encoder.embedClips([clip(1, 2, 3)])).toEqual([halves(1, 2, 3)])
  process.kill(runtime.childPid!, 'SIGKILL')
  const outcome = await encoder.embedClips([clip(4, 5, 6)]).catch(error => error)
  if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'child_crashed', retryable: true })
  else expect(outcome).toEqual([halves(4, 5, 6)])
  expect(await encoder.embedClips([clip(7, 8, 9)])).toEqual([halves(7, 8, 9)])
})

test('a model that is no encoder is refused by name', async () => {
  await using encoder = openEncoder(runtime, { modelFor: () => double, batchSizes: [1] })
  await expect(encoder.embedClips([clip(1, 2, 3)])).rejects.toMatchObject({
    code: 'bad_encoder',
    message: 'model is no encoder of clips: it has x float32[2] instead of frames uint8[1, …]',
  })
})

test('a model that cannot be built fails its clips, and is tried again', async () => {
  let attempts = 0
  const modelFor = (batch: number) => {
    if (++attempts === 1) throw new Error('no weights yet')
    return models.get(batch)!
  }
  await using encoder = openEncoder(runtime, { modelFor, batchSizes: [1] })
  await expect(encoder.embedClips([clip(1, 2, 3)])).rejects.toThrow('no weights yet')
  expect(await encoder.embedClips([clip(1, 2, 3)])).toEqual([halves(1, 2, 3)])
})

test('disposing embeds what waits and refuses what comes after', async () => {
  const { encoder } = noting([1])
  const waiting = encoder.embedClips([clip(1, 2, 3)])
  await encoder[Symbol.asyncDispose]()
  expect(await waiting).toEqual([halves(1, 2, 3)])
  await expect(encoder.embedClips([clip(1, 2, 3)])).rejects.toMatchObject({ code: 'closed' })
})
