import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import { at, instant, type Plant, seedPlant } from '../plant.ts'
import { startApi, type TestApi } from '../start-api.ts'
import { openCursor, recordCycles } from './seed-cycles.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi({ now: () => at(3600) })
})
afterAll(() => api?.[Symbol.asyncDispose]())

let plant: Plant
let count = 0
beforeEach(async () => {
  plant = await seedPlant(api.db, `bench ${++count}`)
  await openCursor(api.db, plant)
})

const body = (eventId: string, type: string, seconds: number, more: object) => ({
  source: `mes of ${plant.station.name}`,
  eventId,
  type,
  station: plant.station.name,
  time: instant(seconds),
  ...more,
})
const send = (event: object, key?: string) =>
  api.call('/v1/events', { method: 'POST', body: event, ...(key !== undefined && { key }) })
const tell = async (...args: Parameters<typeof body>) => {
  const answer = await send(body(...args))
  expect(answer.json()).toMatchObject({ eventId: args[0] })
  expect(answer.statusCode).toBe(201)
}
const cycles = async (): Promise<{ id: string; revision: number; [field: string]: unknown }[]> =>
  (await api.get(`/v1/cycles?station=${plant.station.id}`)).items
const column = async (field: string) => (await cycles()).map(cycle => cycle[field])
/** What was told, whenever: the id of a row and the revision may differ. */
const associations = async () =>
  (await cycles()).map(({ jobOrderId, serial, variant, association }) => ({ jobOrderId, serial, variant, association }))

describe('telling of events', () => {
  it('gives cycles that come later their job order, serial and variant, and says by which event', async () => {
    await tell('E1', 'job-order-started', 0, { jobOrderId: 'JO-1' })
    await tell('E2', 'variant-set', 0, { variant: 'blue' })
    await tell('E3', 'unit-scanned', 12, { serial: 'S-2' })
    await recordCycles(api.db, plant, 0, 2)
    const [first, second] = await cycles()
    expect(first).toMatchObject({ revision: 1, jobOrderId: 'JO-1', serial: null, variant: 'blue' })
    expect(first!.association).toMatchObject({
      jobOrder: { rule: 'in-force-throughout', event: { eventId: 'E1' }, share: 1 },
      serial: { why: 'no-event' },
    })
    expect(second).toMatchObject({ serial: 'S-2' })
    expect(second!.association).toMatchObject({
      serial: { rule: 'scanned-within', event: { eventId: 'E3' }, marginMs: 2000 },
    })
  })

  it('late revises just the cycles that change, in the feed with their reason', async () => {
    await recordCycles(api.db, plant, 0, 5)
    await tell('E2', 'job-order-started', 30, { jobOrderId: 'JO-2' })
    const { next } = await api.get('/v1/changes/now')
    await tell('E1', 'job-order-started', 10, { jobOrderId: 'JO-1' })
    expect(await column('jobOrderId')).toEqual([null, 'JO-1', 'JO-1', 'JO-2', 'JO-2'])
    const { items } = await api.get(`/v1/changes?after=${next}`)
    expect(items.map((change: { id: string }) => change.id)).toEqual((await cycles()).slice(1, 3).map(({ id }) => id))
    expect(items[0]).toMatchObject({
      entity: 'cycle',
      kind: 'revised',
      revision: 2,
      reason: expect.stringContaining('E1'),
      body: { jobOrderId: 'JO-1' },
    })
  })

  it('in any order, before or after the cycles, ends with the same', async () => {
    const told: Parameters<typeof body>[] = [
      ['E1', 'job-order-started', 0, { jobOrderId: 'JO-1' }],
      ['E2', 'job-order-ended', 24, { jobOrderId: 'JO-1' }],
      ['E3', 'job-order-started', 31, { jobOrderId: 'JO-2' }],
      ['E4', 'unit-scanned', 3, { serial: 'S-1' }],
      ['E5', 'unit-scanned', 5, { serial: 'S-1b' }],
      ['E6', 'variant-set', 15, { variant: 'red' }],
    ]
    const ends = new Set<string>()
    for (const order of [
      [0, 1, 2, 3, 4, 5],
      [5, 4, 3, 2, 1, 0],
      [2, 0, 5, 1, 4, 3],
    ]) {
      plant = await seedPlant(api.db, `bench ${++count}`)
      await openCursor(api.db, plant)
      for (const [i, which] of order.entries()) {
        await tell(...told[which]!)
        if (i === 2) await recordCycles(api.db, plant, 0, 3)
      }
      await recordCycles(api.db, plant, 3, 5)
      ends.add(JSON.stringify(await associations()).replaceAll(`mes of ${plant.station.name}`, 'mes'))
      expect(await column('jobOrderId')).toEqual(['JO-1', 'JO-1', 'JO-1', 'JO-2', 'JO-2'])
      expect(await column('serial')).toEqual([null, null, null, null, null])
    }
    expect(ends.size).toBe(1)
  })

  it('again has the same answer and changes nothing, also when both come at once', async () => {
    await recordCycles(api.db, plant, 0, 2)
    const event = body('E1', 'unit-scanned', 3, { serial: 'S-1' })
    const answers = await Promise.all([send(event), send(event), send(event)])
    const again = await send({ ...event, time: at(3).toISOString().replace('Z', '+00:00'), station: plant.station.id })
    for (const answer of [...answers, again]) {
      expect(answer.statusCode).toBe(201)
      expect(answer.json()).toEqual(answers[0]!.json())
    }
    expect(await column('revision')).toEqual([2, 1])
  })

  it('under a name that is taken is refused, naming it and what differs', async () => {
    await tell('E1', 'unit-scanned', 3, { serial: 'S-1' })
    const answer = await send(body('E1', 'unit-scanned', 4, { serial: 'S-2' }))
    expect(answer.json()).toMatchObject({ status: 409, code: 'event-differs', details: { eventId: 'E1' } })
    expect(answer.json().detail).toMatch(/"E1" of "mes of bench.*time/)
  })

  it('meets cycles that are recorded at the same time', async () => {
    await Promise.all([
      recordCycles(api.db, plant, 0, 3),
      tell('E1', 'job-order-started', 0, { jobOrderId: 'JO-1' }),
      tell('E2', 'variant-set', 0, { variant: 'blue' }),
    ])
    expect(await column('jobOrderId')).toEqual(['JO-1', 'JO-1', 'JO-1'])
    expect(await column('variant')).toEqual(['blue', 'blue', 'blue'])
  })
})

test('a source shows how many events it told, and how far its clock is off', async () => {
  const sent = (ms: number) => new Date(at(3600).getTime() - ms).toISOString()
  for (const [i, ms] of [300, -200, 900].entries())
    await tell(`E${i}`, 'unit-scanned', 3, { serial: 'S', sentTime: sent(ms) })
  const { items } = await api.get('/v1/events/sources')
  expect(items.find(({ source }: { source: string }) => source === `mes of ${plant.station.name}`)).toMatchObject({
    events: 3,
    lastSkewMs: 900,
    leastSkewMs: -200,
    mostSkewMs: 900,
  })
  const listed = await api.get(`/v1/events?station=${plant.station.id}&limit=2`)
  expect(listed.items.map(({ eventId }: { eventId: string }) => eventId)).toEqual(['E2', 'E1'])
  expect((await api.get(`/v1/events?station=${plant.station.id}&cursor=${listed.next}`)).items).toHaveLength(1)
})

describe('hostile input', () => {
  const scan = (more: object) => ({ ...body('E9', 'unit-scanned', 3, { serial: 'S' }), ...more })
  it.each([
    ['a time without a zone', { time: '2026-11-24T08:00:00' }, 400, '2026-11-24T08:00:00'],
    ['a day that does not exist', { time: '2026-02-30T08:00:00Z' }, 400, '2026-02-30'],
    ['a time ahead of our clock', { time: instant(3600 + 61) }, 422, instant(3661)],
    ['a time of weeks ago', { time: '2026-10-01T08:00:00Z' }, 422, '2026-10-01'],
    ['a clock that is off', { sentTime: instant(3600 - 61) }, 422, '61000 ms'],
    ['a station that is not there', { station: 'nowhere' }, 422, 'nowhere'],
    ['a type that is unknown', { type: 'unit-scrapped' }, 400, 'type'],
    ['the value of another type', { jobOrderId: 'JO-1' }, 400, 'jobOrderId'],
    ['an empty name', { eventId: '  ' }, 400, 'eventId'],
    ['a NUL', { serial: 'S\u0000' }, 400, 'control character'],
    ['half a surrogate', { source: '\ud800' }, 400, 'Unicode'],
    ['a name without end', { eventId: 'x'.repeat(201) }, 400, 'xxx'],
  ])('%s is refused, by name', async (_, more, status, named) => {
    const answer = await send(scan(more))
    expect([answer.statusCode, answer.json().detail]).toEqual([status, expect.stringContaining(named)])
    expect(answer.headers['content-type']).toContain('application/problem+json')
  })

  it('a key without the scope is refused', async () => {
    const mint = (scopes: string[]) => api.get('/v1/api-keys', { method: 'POST', body: { name: 'k', scopes } })
    const [reader, mes] = [await mint(['read']), await mint(['events'])]
    expect((await send(scan({}), reader.key)).statusCode).toBe(403)
    expect((await send(scan({}), mes.key)).statusCode).toBe(201)
  })
})
