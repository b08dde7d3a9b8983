import { afterAll, beforeAll, beforeEach, describe, expect, it, test, vi } from 'vitest'
import { type Plant, seedPlant } from '../plant.ts'
import { startApi, type TestApi } from '../start-api.ts'
import { signedBy, startReceiver } from './receiver.ts'
import { openCursor, recordCycles } from './seed-cycles.ts'
import { startTestSender } from './start-test-sender.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api?.[Symbol.asyncDispose]())

let plant: Plant
let count = 0
beforeEach(async () => {
  plant = await seedPlant(api.db, `bench ${++count}`)
  await openCursor(api.db, plant)
  await api.db.prisma.webhook.deleteMany()
})

const post = (path: string, body: object) => api.get(path, { method: 'POST', body })
const subscribe = (url: string, more: object = {}) => post('/v1/webhooks', { name: `mes ${++count}`, url, ...more })
const until = (check: () => unknown) => vi.waitFor(async () => expect(await check()).toBeTruthy(), { timeout: 20_000 })
const idsIn = (receiver: { received: { event: { data: { id: string } } }[] }) =>
  receiver.received.map(({ event }) => event.data.id)

describe('a webhook', () => {
  it('brings every change as a signed CloudEvent, in the order of the feed, whose id is a place in it', async () => {
    await using receiver = await startReceiver()
    const { secret } = await subscribe(receiver.url)
    const ids = await recordCycles(api.db, plant, 0, 5)
    await using _ = startTestSender(api)
    await until(() => receiver.received.length === 5)
    expect(idsIn(receiver)).toEqual(ids)
    const [first] = receiver.received
    expect(first!.headers['content-type']).toMatch(/^application\/cloudevents\+json/)
    expect(first!.event).toMatchObject({
      specversion: '1.0',
      id: first!.headers['webhook-id'],
      type: 'takt.cycle.final',
      source: '/v1/changes',
      subject: `stations/${plant.station.id}/cycles/${ids[0]}`,
      data: { entity: 'cycle', kind: 'final', body: { id: ids[0] } },
    })
    for (const message of receiver.received) expect(signedBy(secret, message)).toBe(true)
    const after = await api.get(`/v1/changes?after=${first!.event.id}`)
    expect(after.items.map(({ id }: { id: string }) => id)).toEqual(ids.slice(1))
  })

  it('sends again what was not taken, and nothing overtakes it', async () => {
    await using receiver = await startReceiver()
    await subscribe(receiver.url)
    const ids = await recordCycles(api.db, plant, 0, 4)
    const tried: string[] = []
    receiver.answers(({ event }) => ([2, 3].includes(tried.push(event.id)) ? 503 : 200))
    await using _ = startTestSender(api)
    await until(() => receiver.received.length === 4)
    expect(idsIn(receiver)).toEqual(ids)
    expect(new Set(tried.slice(1, 4)).size).toBe(1)
    expect((await api.get('/v1/webhooks')).items[0]).toMatchObject({ failures: 0, lastError: null, enabled: true })
  })

  it('is sent by one of several senders at a time, and goes on when one is gone', async () => {
    await using receiver = await startReceiver()
    await subscribe(receiver.url)
    const ids: string[] = []
    {
      await using _one = startTestSender(api)
      await using _other = startTestSender(api)
      for (let i = 0; i < 10; i++) ids.push(...(await recordCycles(api.db, plant, i * 3, i * 3 + 3)))
      await until(() => receiver.received.length >= 10)
    }
    await using _ = startTestSender(api)
    await until(() => new Set(idsIn(receiver)).size === 30)
    // What was under way when a sender stopped may come twice; in its first coming nothing is out of order.
    expect([...new Set(idsIn(receiver))]).toEqual(ids)
  })

  it('is signed by both secrets while one takes over from the other', async () => {
    await using receiver = await startReceiver()
    const { id, secret } = await subscribe(receiver.url)
    const rotated = await post(`/v1/webhooks/${id}/rotate-secret`, {})
    await recordCycles(api.db, plant, 0, 1)
    await using _ = startTestSender(api)
    await until(() => receiver.received.length === 1)
    expect([secret, rotated.secret].map(key => signedBy(key, receiver.received[0]!))).toEqual([true, true])
    const last = await post(`/v1/webhooks/${id}/rotate-secret`, { keepPreviousHours: 0 })
    await recordCycles(api.db, plant, 1, 2)
    await until(() => receiver.received.length === 2)
    expect([rotated.secret, last.secret].map(key => signedBy(key, receiver.received[1]!))).toEqual([false, true])
  })

  it('is replayed from a place in the feed', async () => {
    await using receiver = await startReceiver()
    const { id } = await subscribe(receiver.url)
    const ids = await recordCycles(api.db, plant, 0, 3)
    await using _ = startTestSender(api)
    await until(() => receiver.received.length === 3)
    await post(`/v1/webhooks/${id}/replay`, { after: receiver.received[0]!.event.id })
    await until(() => receiver.received.length === 5)
    expect(idsIn(receiver).slice(3)).toEqual(ids.slice(1))
    expect((await api.call(`/v1/webhooks/${id}/replay`, { method: 'POST', body: { after: 'x' } })).statusCode).toBe(400)
  })

  it('of some stations brings theirs alone', async () => {
    await using receiver = await startReceiver()
    const other = await seedPlant(api.db, `bench ${++count}`)
    await openCursor(api.db, other)
    await subscribe(receiver.url, { stationIds: [other.station.id] })
    await recordCycles(api.db, plant, 0, 2)
    const ids = await recordCycles(api.db, other, 0, 2)
    await using _ = startTestSender(api)
    await until(() => receiver.received.length === 2)
    expect(idsIn(receiver)).toEqual(ids)
  })

  it('whose receiver is gone is disabled, visibly, and goes on where it was when it is enabled', async () => {
    await using receiver = await startReceiver()
    receiver.answers(() => 410)
    const { id } = await subscribe(receiver.url)
    await recordCycles(api.db, plant, 0, 2)
    await using _ = startTestSender(api)
    await until(async () => !(await api.get(`/v1/webhooks/${id}`)).enabled)
    expect(await api.get(`/v1/webhooks/${id}`)).toMatchObject({
      disabledReason: 'the receiver answered 410',
      behind: 2,
    })
    receiver.answers(() => 200)
    await api.get(`/v1/webhooks/${id}`, { method: 'PATCH', body: { enabled: true } })
    await until(() => receiver.received.length === 2)
  })

  it('that has failed for too long is disabled', async () => {
    await using receiver = await startReceiver()
    receiver.answers(() => 500)
    const { id } = await subscribe(receiver.url)
    await recordCycles(api.db, plant, 0, 1)
    await using _ = startTestSender(api, 300)
    await until(async () => !(await api.get(`/v1/webhooks/${id}`)).enabled)
    expect(api.log.join()).toContain('a webhook is disabled')
  })

  it('whose feed was restored says that it has to be started over', async () => {
    await using receiver = await startReceiver()
    const { id } = await subscribe(receiver.url)
    await api.db.pool.query('update feed set epoch = uuidv7()')
    await using _ = startTestSender(api)
    await until(async () => !(await api.get(`/v1/webhooks/${id}`)).enabled)
    expect((await api.get(`/v1/webhooks/${id}`)).disabledReason).toContain('start it over')
  })
})

test.each([
  ['a metadata address', 'http://169.254.169.254/latest', 'no allowed network'],
  ['the same as one number', 'http://2852039166/', 'no allowed network'],
  ['an address outside', 'https://8.8.8.8/', 'no allowed network'],
  ['another protocol', 'ftp://10.0.0.1/', 'neither https nor http'],
  ['credentials', 'http://user:hunter2@10.0.0.1/', 'credentials'],
])('%s is no target', async (_, url, why) => {
  const answer = await api.call('/v1/webhooks', { method: 'POST', body: { name: 'hostile', url } })
  expect([answer.statusCode, answer.json().detail]).toEqual([422, expect.stringContaining(why)])
  expect(answer.body).not.toContain('hunter2')
})

test('a secret is shown once, and lies sealed', async () => {
  const { id, secret } = await subscribe('http://10.0.0.1/')
  expect(secret).toMatch(/^whsec_/)
  const row = await api.db.prisma.webhook.findUniqueOrThrow({ where: { id } })
  expect(Buffer.from(row.secretSealed).includes(Buffer.from(secret.slice(6), 'base64'))).toBe(false)
  expect((await api.call('/v1/webhooks')).body + api.log.join()).not.toContain(secret)
})
