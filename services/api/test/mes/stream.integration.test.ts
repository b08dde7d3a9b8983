import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Plant, seedPlant } from '../plant.ts'
import { adminKey, startApi, type TestApi } from '../start-api.ts'
import { openCursor, recordCycles } from './seed-cycles.ts'

let api: TestApi
let plant: Plant
let url: string
beforeAll(async () => {
  api = await startApi()
  plant = await seedPlant(api.db)
  await openCursor(api.db, plant)
  await api.app.listen({ host: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}/v1/changes/stream`
})
afterAll(() => api?.[Symbol.asyncDispose]())

/** A reader as a browser's EventSource is one: what came, parsed, until it is closed or the stream ends. */
async function open(lastEventId?: string) {
  const close = new AbortController()
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${adminKey}`, ...(lastEventId && { 'last-event-id': lastEventId }) },
    signal: close.signal,
  })
  const events: { id?: string; event?: string; data?: string }[] = []
  const ended = (async () => {
    let text = ''
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
      text += part
      const blocks = text.split('\n\n')
      text = blocks.pop()!
      for (const block of blocks)
        if (!block.startsWith(':'))
          events.push(Object.fromEntries(block.split('\n').map(line => line.split(/: (.*)/s))))
    }
  })().catch(() => undefined)
  return { response, events, ended, close: () => close.abort() }
}
const until = (check: () => unknown) => vi.waitFor(() => expect(check()).toBeTruthy(), { timeout: 10_000 })

test('a reader that comes back with the last id it saw misses nothing and sees nothing twice', async () => {
  const reader = await open()
  expect(reader.response.headers.get('content-type')).toContain('text/event-stream')
  const ids = await recordCycles(api.db, plant, 0, 3)
  await until(() => reader.events.length === 3)
  reader.close()
  ids.push(...(await recordCycles(api.db, plant, 3, 250)))
  const again = await open(reader.events[1]!.id)
  await until(() => again.events.length === 248)
  again.close()
  const seen = [...reader.events.slice(0, 2), ...again.events].map(({ data }) => JSON.parse(data!).id)
  expect(seen).toEqual(ids)
})

test('a place that is none, or gone, is refused as in the feed', async () => {
  const key = { authorization: `Bearer ${adminKey}` }
  expect((await fetch(url, { headers: { ...key, 'last-event-id': 'x' } })).status).toBe(400)
  const { next } = await api.get('/v1/changes/now')
  await api.db.pool.query('update feed set epoch = uuidv7()')
  expect((await fetch(url, { headers: { ...key, 'last-event-id': next } })).status).toBe(410)
})

test('a restore ends a stream with an event that says so', async () => {
  const reader = await open()
  await api.db.pool.query('update feed set epoch = uuidv7()')
  await until(() => reader.events.some(({ event }) => event === 'restart-needed'))
  await reader.ended
})

test('stopping the service ends its streams', async () => {
  const reader = await open()
  api.stop()
  await reader.ended
  await api.app.close()
})
