import { releasedStations } from '@takt/db'
import { createMetrics } from '@takt/service'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { buildApp } from '../../src/app.ts'
import { type RecorderContext, recordStation } from '../../src/recorder/record-station.ts'
import { recorderEvents } from '../../src/recorder/recorder-events.ts'
import { createRecorderMetrics } from '../../src/recorder/recorder-metrics.ts'
import { reviseStation } from '../../src/recorder/revise-station.ts'
import { instant, origin, type Plant, seedPlant } from '../plant.ts'
import { interval } from '../recorder/bench-station.ts'
import { scriptedSegmenter, work } from '../recorder/scripted-segmenter.ts'
import { adminKey, startApi, type TestApi } from '../start-api.ts'
import { type Change, createMesTable } from './mes-table.ts'
import { startReceiver } from './receiver.ts'
import { startTestSender } from './start-test-sender.ts'

let api: TestApi
let plant: Plant
beforeAll(async () => {
  api = await startApi({ now: () => new Date(origin + 60_000) })
  plant = await seedPlant(api.db)
})
afterAll(() => api?.[Symbol.asyncDispose]())

const never = new AbortController().signal
const metrics = () => createMetrics({ service: 'api', version: 'test' })
const contextOf = (redecoded = work): RecorderContext => ({
  db: api.db,
  segmenter: scriptedSegmenter(25, redecoded),
  events: recorderEvents(api.context.logger),
  metrics: createRecorderMetrics(metrics(), Date.now),
  now: Date.now,
})
const record = async () => {
  const stations = await releasedStations(api.db)
  await recordStation(contextOf(), () => stations.find(({ station }) => station === plant.station.id)!, never)
}
const retime = (redecoded: typeof work) =>
  reviseStation(
    contextOf(redecoded),
    {
      station: plant.station.id,
      name: 'bench',
      requests: [],
      reason: 'healed',
      startUtcMs: origin,
      endUtcMs: origin + 30_000,
    },
    never,
  )
const tell = (eventId: string, type: string, seconds: number, more: object) =>
  api.get('/v1/events', {
    method: 'POST',
    body: { source: 'mes', eventId, type, station: 'bench', time: instant(seconds), ...more },
  })

/** An API as it is after a restart, on the same database. */
const restarted = async () => {
  const app = await buildApp({ ...api.context, metrics: metrics() })
  return {
    read: async (url: string) =>
      (await app.inject({ method: 'GET', url, headers: { authorization: `Bearer ${adminKey}` } })).json(),
    [Symbol.asyncDispose]: () => app.close(),
  }
}

test('an MES that follows the feed, and one that is sent webhooks, end with our table through restarts, late events, a correction and a re-timing', async () => {
  await using receiver = await startReceiver()
  const followed = createMesTable()
  const sent = createMesTable()
  let after = (await api.get('/v1/changes/now')).next
  await api.get('/v1/webhooks', { method: 'POST', body: { name: 'mes', url: receiver.url } })
  let refused = 0
  receiver.answers(() => (++refused % 7 === 3 ? 503 : 200))

  /** Two pages by one process, and the rest by the next. */
  const follow = async () => {
    for (let more = true; more; ) {
      await using process = await restarted()
      for (let page = 0; page < 2 && more; page++) {
        const answer = await process.read(`/v1/changes?after=${after}&limit=3`)
        for (const change of answer.items as Change[]) followed.apply(change)
        ;({ next: after, more } = answer)
      }
    }
  }

  await record()
  await follow()
  {
    await using _ = startTestSender(api)
    await vi.waitFor(() => expect(receiver.received.length).toBeGreaterThan(4), { timeout: 20_000 })
  }
  await tell('E1', 'job-order-started', 6, { jobOrderId: 'JO-1' })
  const [, second] = (await api.get(`/v1/timings?station=${plant.station.id}`)).items
  await api.get(`/v1/timings/${second.id}/corrections`, {
    method: 'POST',
    body: { reason: 'seen on video', endTime: instant(5.5) },
    headers: { 'if-match': `"${second.revision}"` },
  })
  await retime(work.map((one, i) => (i === 5 ? interval('pick', 50, 60) : i === 9 ? interval('screw', 90, 97) : one)))
  await follow()
  await tell('E0', 'variant-set', 0, { variant: 'blue' })
  await retime(work)
  await follow()

  await using _ = startTestSender(api)
  await vi.waitFor(
    async () => expect((await api.get('/v1/webhooks')).items[0]).toMatchObject({ behind: 0, failures: 0 }),
    {
      timeout: 60_000,
    },
  )
  for (const { event } of receiver.received) sent.apply(event.data)

  const listed = async (entity: 'interval' | 'cycle', path: string) =>
    (await api.get(`/v1/${path}?station=${plant.station.id}`)).items.map((item: { id: string }) => [
      `${entity} ${item.id}`,
      item,
    ])
  const ours = Object.fromEntries([...(await listed('interval', 'timings')), ...(await listed('cycle', 'cycles'))])
  expect(Object.keys(ours).length).toBeGreaterThan(15)
  expect(followed.standing()).toEqual(ours)
  expect(sent.standing()).toEqual(ours)
})
