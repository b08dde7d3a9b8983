import type { LossPoint } from '@takt/db'
import { trainingMethods } from '@takt/domain'
import { encoderModel, initialParameters } from '@takt/nn'
import { decodeSafetensors } from '@takt/onnx'
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

const context = (): AdaptContext => ({
  ...{ db: plant.db, blobs: plant.blobs, videoBytes: 2 ** 26 },
  device: { provider: 'cpu', threads: 1, limitBytes: 2 ** 27, checkpointEveryMs: 60_000 },
  onStarted: () => undefined,
  onProgress: () => undefined,
  onLeftOut: ({ error }) => expect.unreachable(String(error)),
  onLeaseFault: error => expect.unreachable(String(error)),
})

const ask = async (method: string, steps: number, parentId = plant.encoder.id) => {
  const laidOut = { batch: 4, stepsPerCall: 1, steps }
  const row = await plant.db.prisma.adaptation.create({
    data: { method, parentId, budgetMs: 600_000, seed: 7, ...laidOut },
  })
  return row.id
}
const read = (id: string) => plant.db.prisma.adaptation.findUniqueOrThrow({ where: { id } })

test.each(trainingMethods)(
  'by %s an encoder learns from the stations’ video, and says what its features show',
  async method => {
    const id = await ask(method, 11)
    expect(await adaptEncoder(context(), id, never)).toMatchObject({ outcome: 'done', steps: 11 })
    const { encoderId, losses } = await read(id)
    const looked = (losses as unknown as readonly LossPoint[]).filter(point => point.features)
    expect(looked.map(({ step }) => step)).toEqual([1, 11])
    expect(looked[0]!.features!.effectiveRank).toBeGreaterThan(1)
    const encoder = await plant.db.prisma.encoder.findUniqueOrThrow({ where: { id: encoderId! } })
    expect(encoder).toMatchObject({ method, learntFrom: { features: looked[1]!.features } })
    const { tensors } = decodeSafetensors(await plant.blobs.get(encoder.weightsKey))
    expect(tensors).not.toEqual(initialParameters(tinySpec, 1))
    expect(encoderModel(tinySpec, tensors, { batch: 1 }).length).toBeGreaterThan(1000)
  },
)

test('an encoder to which all clips look the same ends its training, which says so and is not tried again', async () => {
  const { 'norm.weight': gain, 'norm.bias': bias, ...weights } = initialParameters(tinySpec, 1)
  const blind = {
    ...weights,
    'norm.weight': { ...gain!, data: new Float32Array(tinySpec.dim) },
    'norm.bias': { ...bias!, data: new Float32Array(tinySpec.dim).fill(1) },
  } as ReturnType<typeof initialParameters>
  const parent = await plant.addEncoder('blind', blind)
  await plant.db.prisma.$executeRaw`
    insert into embedding (view_revision_id, encoder_id, segment_id, state, object_key, first_step, step_count, embedded_at)
    select view_revision_id, ${parent.id}::uuid, segment_id, state, object_key, first_step, step_count, embedded_at from embedding
    where encoder_id = ${plant.encoder.id}::uuid`
  // So long a warm-up that nothing is learnt in the first steps.
  const id = await ask('video-mae', 1_000_000, parent.id)
  const error: unknown = await adaptEncoder(context(), id, never).catch(thrown => thrown)
  expect(toJobFailure(error)).toMatchObject({ outcome: 'unrecoverable', code: 'encoder-collapsed' })
  expect(String(error)).toContain('at step 31')
  expect((await read(id)).encoderId).toBeNull()
})
