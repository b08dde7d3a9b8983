import { claimAdaptation, finishAdaptation } from '@takt/db'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { at, type Plant, seedPlant, seedSegments } from './plant.ts'
import { startApi, type TestApi } from './start-api.ts'

let api: TestApi
let plant: Plant
let other: Plant
beforeAll(async () => {
  api = await startApi({ now: () => at(60) })
  plant = await seedPlant(api.db)
  other = await seedPlant(api.db, 'other')
})
afterAll(() => api?.[Symbol.asyncDispose]())
beforeEach(() => {
  api.jobs.length = 0
})

const ask = (body: object, key?: string) => api.call('/v1/adaptations', { method: 'POST', body, ...(key && { key }) })
const stop = (id: string) => api.call(`/v1/adaptations/${id}/stop`, { method: 'POST' })

describe('asking for an adaptation', () => {
  test('starts from the encoder that times the stations, is queued, and adds one job', async () => {
    const answer = await ask({ minutes: 2, stations: [plant.station.id, plant.station.id] })
    expect(answer.statusCode).toBe(202)
    const adaptation = answer.json()
    expect(adaptation).toMatchObject({
      state: 'queued',
      stopping: false,
      method: 'video-mae',
      parentId: plant.encoder.id,
      stationIds: [plant.station.id],
      minutes: 2,
      steps: null,
      losses: [],
      encoderId: null,
    })
    expect(answer.headers.location).toBe(`/v1/adaptations/${adaptation.id}`)
    expect(api.jobs).toEqual([{ kind: 'adapt', args: { adaptationId: adaptation.id } }])
    expect(await api.get(`/v1/adaptations/${adaptation.id}`)).toEqual(adaptation)
  })

  test('of stations under several encoders has to say which one; of all stations it may be any', async () => {
    expect((await ask({ minutes: 2 })).json()).toMatchObject({ status: 409, code: 'encoder-ambiguous' })
    const named = await ask({ minutes: 2, encoder: other.encoder.id })
    expect(named.json()).toMatchObject({ parentId: other.encoder.id, stationIds: [] })
  })

  test('while the queue is away loses nothing', async () => {
    const add = api.context.jobs.add
    Object.assign(api.context.jobs, { add: () => Promise.reject(new Error('redis is away')) })
    const answer = await ask({ minutes: 2, stations: [plant.station.id] }).finally(() =>
      Object.assign(api.context.jobs, { add }),
    )
    expect(answer.json()).toMatchObject({ state: 'queued' })
    expect(api.log.join()).toContain('jobNotAdded')
  })

  test.each([
    [{}, 400],
    [{ minutes: 0 }, 400],
    [{ minutes: 1e9 }, 400],
    [{ minutes: '2' }, 400],
    [{ minutes: Number.NaN }, 400],
    [{ minutes: 2, method: 'magic' }, 400],
    [{ minutes: 2, stations: ['../../etc/passwd'] }, 400],
    [{ minutes: 2, stations: ['00000000-0000-4000-8000-000000000000'] }, 422],
    [{ minutes: 2, encoder: '00000000-0000-4000-8000-000000000000' }, 422],
    [{ minutes: 2, steps: 1e12 }, 400],
  ])('by %j is refused', async (body, status) => {
    expect((await ask(body)).statusCode).toBe(status)
    expect(api.jobs).toEqual([])
  })

  test('needs a key that may operate', async () => {
    const { key } = await api.get('/v1/api-keys', { method: 'POST', body: { name: 'labels', scopes: ['label'] } })
    expect((await ask({ minutes: 2 }, key)).statusCode).toBe(403)
    expect((await api.call('/v1/adaptations', { key })).statusCode).toBe(200)
  })
})

test('what a worker reports is shown: how far it is, what it has lost, and what came of it', async () => {
  const { id } = (await ask({ minutes: 2, stations: [plant.station.id] })).json()
  const lease = { adaptation: id, holder: crypto.randomUUID() }
  await claimAdaptation(api.db, lease)
  await api.db.prisma.adaptation.update({
    where: { id },
    data: { step: 40, steps: 100, batch: 8, stepsPerCall: 2, losses: [{ step: 40, loss: 0.7 }], trainedMs: 1500 },
  })
  expect(await api.get(`/v1/adaptations/${id}`)).toMatchObject({
    ...{ state: 'running', step: 40, steps: 100, trainedSeconds: 1.5, attempts: 1 },
    losses: [{ step: 40, loss: 0.7 }],
  })
  const encoder = crypto.randomUUID()
  const learntFrom = { steps: 40, segments: 3 }
  await finishAdaptation(api.db, lease, { id: encoder, name: 'adapted', weightsKey: 'w', learntFrom })
  const { items } = await api.get('/v1/adaptations')
  expect(items[0]).toMatchObject({ id, state: 'done', encoderId: encoder, finishedAt: expect.any(String) })
  expect(await api.get(`/v1/encoders/${encoder}`)).toMatchObject({
    ...{ method: 'video-mae', trained: true, parentId: plant.encoder.id, serving: false, learntFrom },
    about: expect.stringContaining('without labels'),
  })
})

describe('stopping', () => {
  test('one that waits stops it at once, also when asked twice', async () => {
    const { id } = (await ask({ minutes: 2, stations: [plant.station.id] })).json()
    for (let time = 0; time < 2; time++)
      expect((await stop(id)).json()).toMatchObject({
        state: 'stopped',
        stopping: false,
        finishedAt: expect.any(String),
      })
  })

  test('one that is trained says that it is stopping', async () => {
    const { id } = (await ask({ minutes: 2, stations: [plant.station.id] })).json()
    await claimAdaptation(api.db, { adaptation: id, holder: crypto.randomUUID() })
    const answer = await stop(id)
    expect(answer.statusCode).toBe(202)
    expect(answer.json()).toMatchObject({ state: 'running', stopping: true })
  })

  test('one that is over, or that never was, is refused', async () => {
    const { id } = (await ask({ minutes: 2, stations: [plant.station.id] })).json()
    await api.db.prisma.adaptation.update({ where: { id }, data: { state: 'failed', error: 'x' } })
    expect((await stop(id)).json()).toMatchObject({ status: 409, code: 'adaptation-over' })
    expect((await stop(plant.station.id)).json()).toMatchObject({ status: 404, code: 'adaptation-unknown' })
  })
})

test('a station that is switched to a new encoder has its recent video embedded under it, and its next heads are fitted on it', async () => {
  const segments = await seedSegments(api.db, plant, ['embedded', 'embedded', 'dead'])
  const data = { name: 'switched to', method: 'video-mae', spec: {}, weightsKey: 'w', parentId: plant.encoder.id }
  const encoder = await api.db.prisma.encoder.create({ data })
  const head = await api.db.prisma.head.create({
    data: {
      ...{ stationId: plant.station.id, encoderId: encoder.id, processVersionId: plant.version.id },
      ...{ state: 'ready', objectKey: 'h', createdAt: at(-2 * 86_400) },
    },
  })
  const body = { stationId: plant.station.id, headId: head.id }
  const release = await api.get('/v1/releases', { method: 'POST', body })
  expect(release).toMatchObject({ encoderId: encoder.id, encoderMethod: 'video-mae' })
  const opened = await api.db.prisma.embedding.findMany({ where: { encoderId: encoder.id } })
  expect(opened.map(slot => [slot.segmentId, slot.state]).sort()).toEqual(
    segments.map(segment => [segment.id, 'pending']).sort(),
  )
  expect(api.jobs).toHaveLength(segments.length)
  expect(api.jobs.every(job => job.kind === 'embed-backfill')).toBe(true)
  const next = await api.get('/v1/heads', { method: 'POST', body: { stationId: plant.station.id } })
  expect(next).toMatchObject({ encoderId: encoder.id })
})
