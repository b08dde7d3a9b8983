import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Plant, seedPlant, seedSegments } from './plant.ts'
import { startApi, type TestApi } from './start-api.ts'

let api: TestApi
let plant: Plant
let other: Plant
beforeAll(async () => {
  api = await startApi()
  plant = await seedPlant(api.db)
  other = await seedPlant(api.db, 'other')
})
afterAll(() => api?.[Symbol.asyncDispose]())

const fit = (body: object) => api.call('/v1/heads', { method: 'POST', body })
const release = (body: object) => api.call('/v1/releases', { method: 'POST', body })

test('an untrained encoder says so in plain words', async () => {
  const { items } = await api.get('/v1/encoders')
  expect(items[0]).toMatchObject({
    method: 'untrained',
    trained: false,
    about: expect.stringContaining('seeded random numbers'),
  })
})

describe('heads', () => {
  test("fitting takes the station's process version and the serving encoder, and adds one job", async () => {
    api.jobs.length = 0
    const answer = await fit({ stationId: plant.station.id })
    expect(answer.statusCode).toBe(202)
    const head = answer.json()
    expect(head).toMatchObject({ state: 'fitting', processVersionId: plant.version.id, fittedAt: null })
    expect(api.jobs).toEqual([{ kind: 'train', args: { kind: 'fit', headId: head.id } }])
    expect(await api.get(`/v1/heads/${head.id}`)).toEqual(head)
  })

  test('a queue that is away loses nothing: the head is there, fitting, and the log says that no job was added', async () => {
    const add = api.context.jobs.add
    Object.assign(api.context.jobs, { add: () => Promise.reject(new Error('redis is away')) })
    const answer = await fit({ stationId: plant.station.id }).finally(() => Object.assign(api.context.jobs, { add }))
    expect(answer.json()).toMatchObject({ state: 'fitting' })
    expect(api.log.join()).toContain('jobNotAdded')
  })

  test('what is named has to be there and to belong together', async () => {
    expect((await fit({ stationId: plant.camera.id })).json()).toMatchObject({ status: 422, code: 'reference-unknown' })
    const crossed = await fit({ stationId: plant.station.id, processVersionId: other.version.id })
    expect(crossed.json()).toMatchObject({ status: 422, code: 'reference-unknown' })
    const { id } = await api.get('/v1/stations', { method: 'POST', body: { name: 'idle' } })
    expect((await fit({ stationId: id })).json()).toMatchObject({ status: 409, code: 'process-missing' })
  })

  test('they are listed by station, newest first', async () => {
    const { items } = await api.get(`/v1/heads?station=${plant.station.id}`)
    expect(items.at(-1)).toMatchObject({ id: plant.head.id, state: 'ready', scores: { accuracy: 0.9 } })
    expect(items.every((head: { stationId: string }) => head.stationId === plant.station.id)).toBe(true)
  })
})

describe('releases', () => {
  test('a ready head is released to its station, by the key that did it', async () => {
    const answer = await release({ stationId: plant.station.id, headId: plant.head.id })
    expect(answer.statusCode).toBe(201)
    expect(answer.json()).toMatchObject({
      headId: plant.head.id,
      encoderId: plant.encoder.id,
      encoderMethod: 'untrained',
      author: 'bootstrap',
    })
    const { items } = await api.get(`/v1/releases?station=${plant.station.id}`)
    expect(items.map((item: { id: string }) => item.id)).toContain(answer.json().id)
  })

  test.each([
    [
      'a head that is not ready',
      async () => ({ headId: (await fit({ stationId: plant.station.id })).json().id }),
      409,
      'head-not-ready',
    ],
    ['a head of another station', async () => ({ headId: other.head.id }), 409, 'head-of-another-station'],
    ['a head that is not there', async () => ({ headId: plant.station.id }), 422, 'reference-unknown'],
    [
      'an instant before the release in force',
      async () => ({ headId: plant.head.id, effectiveAt: '2020-01-01T00:00:00Z' }),
      409,
      'release-retroactive',
    ],
  ])('%s is refused', async (_, body, status, code) => {
    await release({ stationId: plant.station.id, headId: plant.head.id })
    expect((await release({ stationId: plant.station.id, ...(await body()) })).json()).toMatchObject({ status, code })
  })

  test.each(['update release set author = author', 'delete from release'])('none is ever edited: %s', async sql => {
    await expect(api.db.pool.query(sql)).rejects.toThrow('release is append-only')
  })
})

describe('dead slots', () => {
  test('they are listed page by page, and a retry makes them late again with one job a segment', async () => {
    await seedSegments(api.db, plant, ['dead', 'embedded', 'dead', 'dead'])
    const first = await api.get('/v1/embeddings/dead?limit=2')
    const second = await api.get(`/v1/embeddings/dead?limit=2&cursor=${first.next}`)
    const slots = [...first.items, ...second.items]
    expect(slots).toHaveLength(3)
    expect(second.next).toBeNull()
    expect(slots[0]).toMatchObject({
      stationId: plant.station.id,
      view: 'front',
      attempts: 5,
      error: 'no picture could be decoded',
    })
    api.jobs.length = 0
    const keys = slots.map(({ viewRevisionId, encoderId, segmentId }) => ({ viewRevisionId, encoderId, segmentId }))
    const retried = await api.get('/v1/embeddings/retry', { method: 'POST', body: { slots: keys.slice(0, 2) } })
    expect(retried).toEqual({ retried: 2, notDead: [] })
    expect(api.jobs.map(job => job.kind)).toEqual(['embed-backfill', 'embed-backfill'])
    expect((await api.get('/v1/embeddings/dead')).items).toHaveLength(1)
    const again = await api.get('/v1/embeddings/retry', { method: 'POST', body: { slots: keys.slice(0, 1) } })
    expect(again).toEqual({ retried: 0, notDead: keys.slice(0, 1) })
  })
})
