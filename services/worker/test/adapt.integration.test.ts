import { setTimeout as sleep } from 'node:timers/promises'
import { blobKeys } from '@takt/blobs'
import { requestStop } from '@takt/db'
import { encoderModel, initialParameters } from '@takt/nn'
import { decodeSafetensors, encodeSafetensors } from '@takt/onnx'
import { toJobFailure } from '@takt/service/errors'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AdaptContext, adaptEncoder } from '../src/adapt/adapt-encoder.ts'
import { type FilmedStation, startFilmedStation, tinySpec } from './filmed-station.ts'

let plant: FilmedStation
beforeAll(async () => {
  plant = await startFilmedStation()
})
afterAll(() => plant?.[Symbol.asyncDispose]())

const never = new AbortController().signal
const layout = { batch: 2, stepsPerCall: 2 }

const contextWith = (change: Partial<AdaptContext> = {}): AdaptContext => ({
  ...{ db: plant.db, blobs: plant.blobs, videoBytes: 2 ** 26 },
  device: { provider: 'cpu', threads: 1, limitBytes: 2 ** 26, checkpointEveryMs: 60_000 },
  onStarted: () => undefined,
  onProgress: () => undefined,
  onLeftOut: ({ error }) => expect.unreachable(String(error)),
  onLeaseFault: error => expect.unreachable(String(error)),
  ...change,
})

/** An adaptation laid out already, so that it is the same on any machine, or one that is still to be measured. */
const ask = async (data: { steps?: number; budgetMs?: number; parentId?: string; method?: string } = {}) => {
  const { steps, budgetMs = 600_000, parentId = plant.encoder.id, method = 'video-mae' } = data
  const laidOut = steps === undefined ? {} : { ...layout, steps }
  const row = await plant.db.prisma.adaptation.create({ data: { method, parentId, budgetMs, seed: 7, ...laidOut } })
  return row.id
}
const read = (id: string) => plant.db.prisma.adaptation.findUniqueOrThrow({ where: { id } })
const encodersOf = (parentId: string) => plant.db.prisma.encoder.findMany({ where: { parentId } })

const weightsOf = async (adaptation: string) => {
  const { encoderId } = await read(adaptation)
  return plant.blobs.get(blobKeys.encoderWeights({ encoder: encoderId! }))
}

/** The weights alone, whatever their file says of where they come from. */
const tensorsOf = async (adaptation: string) => decodeSafetensors(await weightsOf(adaptation)).tensors

const checkpointsOf = async (adaptation: string) =>
  (await Array.fromAsync(plant.blobs.list(blobKeys.trainingCheckpoints({ adaptation })))).map(({ key }) => key)

test('an encoder learns from the stations’ video, and what comes of it is registered with its parent', async () => {
  const id = await ask({ steps: 60 })
  const outcome = await adaptEncoder(contextWith(), id, never)
  const { encoderId, ...row } = await read(id)
  expect(outcome).toEqual({ outcome: 'done', encoder: encoderId, steps: 60 })
  expect(row).toMatchObject({ state: 'done', step: 60, attempts: 1, error: null, leaseHolder: null })
  const losses = row.losses as { step: number; loss: number }[]
  expect(losses.map(point => point.step)).toEqual(Array.from({ length: 30 }, (_, call) => 2 * call + 2))
  expect(losses.at(-1)!.loss).toBeLessThan(losses[0]!.loss)
  expect(await plant.db.prisma.encoder.findUnique({ where: { id: encoderId! } })).toMatchObject({
    method: 'video-mae',
    parentId: plant.encoder.id,
    spec: tinySpec,
    scores: {},
    serving: false,
    learntFrom: { segments: 4, steps: 60, from: new Date(plant.origin).toISOString() },
  })
  const { tensors, metadata } = decodeSafetensors(await weightsOf(id))
  expect(metadata).toMatchObject({ adaptation: id, parent: plant.encoder.id })
  expect(encoderModel(tinySpec, tensors, { batch: 1 }).length).toBeGreaterThan(1000)
  expect(tensors).not.toEqual(initialParameters(tinySpec, 1))
  expect(await checkpointsOf(id)).toEqual([])
})

test('run twice, also at once, it is one new encoder', async () => {
  const id = await ask({ steps: 10 })
  const before = (await encodersOf(plant.encoder.id)).length
  const outcomes = await Promise.all([1, 2, 3].map(() => adaptEncoder(contextWith(), id, never)))
  outcomes.push(await adaptEncoder(contextWith(), id, never))
  expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['done', 'elsewhere', 'elsewhere', 'elsewhere'])
  expect(await encodersOf(plant.encoder.id)).toHaveLength(before + 1)
})

test('a worker that stops gives it back with a checkpoint, and another makes the same of it to the last bit', async () => {
  const [whole, split] = [await ask({ steps: 30 }), await ask({ steps: 30 })]
  await adaptEncoder(contextWith(), whole, never)
  const stopping = new AbortController()
  const onProgress: AdaptContext['onProgress'] = ({ step }) => {
    if (step === 12) stopping.abort(new Error('the worker stops'))
  }
  await expect(adaptEncoder(contextWith({ onProgress }), split, stopping.signal)).rejects.toThrow()
  const stopped = await read(split)
  expect(stopped).toMatchObject({ state: 'queued', leaseHolder: null, step: stopped.checkpointStep })
  expect(stopped.checkpointStep).toBeGreaterThanOrEqual(12)
  expect(await checkpointsOf(split)).toEqual([`adaptations/${split}/${stopped.checkpointStep}.safetensors`])

  const fromSteps: number[] = []
  await adaptEncoder(contextWith({ onStarted: ({ fromStep }) => fromSteps.push(fromStep) }), split, never)
  expect(fromSteps).toEqual([stopped.checkpointStep])
  expect(await tensorsOf(split)).toEqual(await tensorsOf(whole))
  expect((await read(split)).losses).toEqual((await read(whole)).losses)
  expect(await checkpointsOf(split)).toEqual([])
})

test('a person who stops it ends it within seconds; a checkpoint stays, and no encoder comes of it', async () => {
  const id = await ask({ steps: 1_000_000 })
  const before = (await encodersOf(plant.encoder.id)).length
  const running = adaptEncoder(contextWith(), id, never)
  while ((await read(id)).step === 0) await sleep(50)
  await requestStop(plant.db, id)
  expect(await running).toEqual({ outcome: 'stopped' })
  const row = await read(id)
  expect(row).toMatchObject({ state: 'stopped', encoderId: null })
  expect(await checkpointsOf(id)).toEqual([`adaptations/${id}/${row.checkpointStep}.safetensors`])
  expect(await adaptEncoder(contextWith(), id, never)).toEqual({ outcome: 'elsewhere' })
  expect(await encodersOf(plant.encoder.id)).toHaveLength(before)
})

test('a worker that lost it to another stops of itself and changes nothing', async () => {
  const id = await ask({ steps: 1_000_000 })
  const running = adaptEncoder(contextWith(), id, never)
  while ((await read(id)).step === 0) await sleep(50)
  const other = crypto.randomUUID()
  await plant.db.prisma.adaptation.update({ where: { id }, data: { leaseHolder: other } })
  expect(await running).toEqual({ outcome: 'elsewhere' })
  expect(await read(id)).toMatchObject({ state: 'running', leaseHolder: other, checkpointStep: null })
})

test('its length is measured by its first call, and its budget ends it whatever was planned', async () => {
  const id = await ask({ budgetMs: 1500 })
  await adaptEncoder(contextWith(), id, never)
  const row = await read(id)
  expect(row).toMatchObject({ state: 'done', batch: 8, stepsPerCall: 1 })
  expect(row.step).toBeGreaterThan(0)
  expect(row.step).toBeLessThanOrEqual(row.steps!)

  const short = await ask({ budgetMs: 500, steps: 1_000_000 })
  await adaptEncoder(contextWith(), short, never)
  expect(await read(short)).toMatchObject({ state: 'done' })
  expect((await read(short)).trainedMs).toBeLessThan(10_000)
})

test('a loss that is not finite ends it by step and tensor, for good', async () => {
  const weights = initialParameters(tinySpec, 1)
  const [name, tensor] = Object.entries(weights)[0]!
  const poisoned = { ...tensor, data: new Float32Array(tensor.data.length).fill(Number.NaN) } as typeof tensor
  const parent = await plant.addEncoder('poisoned', { ...weights, [name]: poisoned })
  await plant.db.prisma.$executeRaw`
    insert into embedding (view_revision_id, encoder_id, segment_id, state, object_key, first_step, step_count, embedded_at)
    select view_revision_id, ${parent.id}::uuid, segment_id, state, object_key, first_step, step_count, embedded_at from embedding
    where encoder_id = ${plant.encoder.id}::uuid`
  const error: unknown = await adaptEncoder(contextWith(), await ask({ steps: 10, parentId: parent.id }), never).catch(
    thrown => thrown,
  )
  expect(toJobFailure(error)).toMatchObject({ outcome: 'unrecoverable', code: 'not_finite' })
  expect(error).toMatchObject({ message: 'loss is not finite at step 0' })
})

test.each([
  ['a method that there is none of', () => ask({ steps: 2, method: '__proto__' }), 'method-unknown'],
  [
    'a parent that no video was embedded under',
    async () => ask({ steps: 2, parentId: (await plant.addEncoder('alone')).id }),
    'no-training-video',
  ],
  [
    'a checkpoint that is none',
    async () => {
      const id = await ask({ steps: 4 })
      const key = blobKeys.trainingCheckpoint({ adaptation: id, step: 2 })
      await plant.blobs.put(key, encodeSafetensors({ tensors: {}, metadata: { step: '3', trainedMs: '1' } }))
      await plant.db.prisma.adaptation.update({ where: { id }, data: { checkpointStep: 2 } })
      return id
    },
    'checkpoint-malformed',
  ],
])('%s is refused and not tried again', async (_, make, code) => {
  const id = await make()
  const error: unknown = await adaptEncoder(contextWith(), id, never).catch(thrown => thrown)
  expect(toJobFailure(error)).toMatchObject({ outcome: 'unrecoverable', code })
  expect(await read(id)).toMatchObject({ state: 'queued', leaseHolder: null })
})
