import { afterAll, beforeAll, expect, test } from 'vitest'
import { at, type Plant, publish, seedIntervals, seedPlant } from './plant.ts'
import { startApi, type TestApi } from './start-api.ts'

let api: TestApi
let plant: Plant
let ids: string[]
beforeAll(async () => {
  api = await startApi()
  plant = await seedPlant(api.db)
  ids = await seedIntervals(
    api.db,
    plant,
    Array.from({ length: 7 }, (_, i) => ({ ordinal: i, startSeconds: i, endSeconds: i + 1 })),
  )
})
afterAll(() => api?.[Symbol.asyncDispose]())

const remove = (id: string, second: number) =>
  publish(api.db, {
    entity: 'interval',
    id,
    anchorAt: at(second),
    station: plant.station.id,
    revision: 2,
    kind: 'tombstone',
    reason: 're-timed',
    body: { id },
  })

test('a reader who follows the feed sees every change once, in the order of commits, tombstones too', async () => {
  const seen: [string, number, string][] = []
  let after = ''
  const read = async () => {
    for (;;) {
      const page = await api.get(`/v1/changes?limit=3${after && `&after=${after}`}`)
      seen.push(
        ...page.items.map((change: { id: string; revision: number; kind: string }) => [
          change.id,
          change.revision,
          change.kind,
        ]),
      )
      after = page.next
      if (!page.more) return
    }
  }
  await read()
  expect(seen).toEqual(ids.map(id => [id, 1, 'final']))
  await remove(ids[3]!, 3)
  await read()
  expect(seen.slice(7)).toEqual([[ids[3], 2, 'tombstone']])
  await read()
  expect(seen).toHaveLength(8)
})

test('a change carries what was published, and why', async () => {
  const { items } = await api.get('/v1/changes?limit=1')
  expect(items[0]).toMatchObject({
    entity: 'interval',
    id: ids[0],
    stationId: plant.station.id,
    body: { id: ids[0], step: 'pick' },
  })
})

test('a cycle comes in the same feed', async () => {
  const { next } = await api.get('/v1/changes/now')
  const id = crypto.randomUUID()
  await publish(api.db, {
    entity: 'cycle',
    id,
    anchorAt: at(0),
    station: plant.station.id,
    revision: 1,
    kind: 'final',
    body: { id },
  })
  expect((await api.get(`/v1/changes?after=${next}`)).items).toMatchObject([
    { entity: 'cycle', id, kind: 'final', body: { id } },
  ])
})

test('a token is opaque, and one that was tampered with is refused', async () => {
  const { next } = await api.get('/v1/changes/now')
  for (const token of [`${next}A`, next.slice(1), Buffer.from('1.0.-5').toString('base64url'), 'a'.repeat(100), '%00'])
    expect((await api.call(`/v1/changes?after=${token}`)).statusCode).toBe(400)
})

test('a reader ahead of the feed, or behind what is kept, has to start over', async () => {
  const { next: beginning } = await api.get('/v1/changes?limit=1')
  const { next: end } = await api.get('/v1/changes/now')
  await api.db.prisma.feed.update({ where: { id: 1 }, data: { prunedThrough: 3n } })
  await api.db.prisma.change.deleteMany({ where: { seq: { lte: 3n } } })
  const answer = await api.call(`/v1/changes?after=${beginning}`)
  expect(answer.json()).toMatchObject({ status: 410, code: 'feed-restart-needed' })
  expect((await api.get('/v1/changes?limit=100')).items[0].id).toBe(ids[3])
  expect(await api.get(`/v1/changes?after=${end}`)).toMatchObject({ items: [], more: false })

  await api.db.prisma.feed.update({ where: { id: 1 }, data: { lastSeq: 2n } })
  expect((await api.call(`/v1/changes?after=${end}`)).statusCode).toBe(410)
})

test('after a restore every reader has to start over', async () => {
  const { next } = await api.get('/v1/changes/now')
  await api.db.pool.query('update feed set epoch = uuidv7()')
  expect((await api.call(`/v1/changes?after=${next}`)).statusCode).toBe(410)
})
