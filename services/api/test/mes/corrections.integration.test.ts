import { releasedStations } from '@takt/db'
import type { Timing } from '@takt/db/listing'
import { createMetrics } from '@takt/service'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type RecorderContext, recordStation } from '../../src/recorder/record-station.ts'
import { recorderEvents } from '../../src/recorder/recorder-events.ts'
import { createRecorderMetrics } from '../../src/recorder/recorder-metrics.ts'
import { reviseStation } from '../../src/recorder/revise-station.ts'
import { instant, origin, type Plant, seedPlant } from '../plant.ts'
import { interval } from '../recorder/bench-station.ts'
import { scriptedSegmenter, work } from '../recorder/scripted-segmenter.ts'
import { startApi, type TestApi } from '../start-api.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api?.[Symbol.asyncDispose]())

let plant: Plant
let count = 0
const never = new AbortController().signal
const contextOf = (redecoded = work): RecorderContext => ({
  db: api.db,
  segmenter: scriptedSegmenter(30, redecoded),
  events: recorderEvents(api.context.logger),
  metrics: createRecorderMetrics(createMetrics({ service: 'api', version: 'test' }), Date.now),
  now: Date.now,
})

/** Twelve timings of 2.5 s: pick, screw, pick, … */
beforeEach(async () => {
  plant = await seedPlant(api.db, `bench ${++count}`)
  const stations = await releasedStations(api.db)
  await recordStation(contextOf(), () => stations.find(({ station }) => station === plant.station.id)!, never)
})

/** Decodes anew what is asked for, as the recorder does once it is quiet; returns whether something was. */
async function revise(redecoded = work): Promise<boolean> {
  const asked = await api.db.prisma.revisionRequest.findMany({ where: { stationId: plant.station.id, doneAt: null } })
  for (const { id, startsAt, endsAt, reason } of asked)
    await reviseStation(
      contextOf(redecoded),
      { station: plant.station.id, name: 'bench', requests: [id], reason, startUtcMs: +startsAt, endUtcMs: +endsAt },
      never,
    )
  return asked.length > 0
}
/** As a healed gap would ask for everything. */
const reviseAll = async (redecoded = work) => {
  await api.db.prisma.revisionRequest.create({
    data: {
      stationId: plant.station.id,
      startsAt: new Date(origin),
      endsAt: new Date(origin + 30_000),
      reason: 'healed',
    },
  })
  await revise(redecoded)
}
const timings = async (): Promise<Timing[]> => (await api.get(`/v1/timings?station=${plant.station.id}`)).items
const spans = async () =>
  (await timings()).map(
    t => `${t.step} ${(Date.parse(t.startTime) - origin) / 1000}–${(Date.parse(t.endTime) - origin) / 1000}`,
  )
const correct = (id: string, body: object, etag = '"1"') =>
  api.call(`/v1/timings/${id}/corrections`, {
    method: 'POST',
    body: { reason: 'seen on video', ...body },
    headers: { 'if-match': etag },
  })
const withdraw = (id: string) =>
  api.get(`/v1/corrections/${id}/withdraw`, { method: 'POST', body: { reason: 'a mistake' } })

describe('a correction', () => {
  it('makes a revision by a person, with who and why, which neighbours and cycles follow', async () => {
    const { id } = (await timings())[1]!
    const answer = await api.call(`/v1/timings/${id}`)
    const { next } = await api.get('/v1/changes/now')
    const corrected = await correct(id, { endTime: instant(5.5), author: 'A. Mori' }, String(answer.headers.etag))
    expect(corrected.json()).toMatchObject({
      kind: 'adjusted',
      author: 'A. Mori',
      reason: 'seen on video',
      revision: 2,
    })
    expect(await api.get(`/v1/timings/${id}`)).toMatchObject({
      revision: 2,
      author: 'person',
      confidence: 1,
      durationMs: 3000,
      durationSource: 'utc',
      releaseId: plant.release.id,
    })
    const { items } = await api.get(`/v1/changes?after=${next}`)
    expect(items).toMatchObject([{ id, kind: 'corrected', reason: 'seen on video', revision: 2 }])
    expect(await revise()).toBe(true)
    expect((await spans()).slice(0, 4)).toEqual(['pick 0–2.5', 'screw 2.5–5.5', 'pick 5.5–7.5', 'screw 7.5–10'])
    const cycles = (await api.get(`/v1/cycles?station=${plant.station.id}`)).items
    expect(cycles[0]).toMatchObject({ endTime: instant(5.5), revision: 2 })
    expect((await api.get(`/v1/timings/${id}/revisions`)).items.map(({ kind }: { kind: string }) => kind)).toEqual([
      'final',
      'corrected',
    ])
  })

  it('of a step or of what never happened stands whatever is decoded anew', async () => {
    const all = await timings()
    expect((await correct(all[3]!.id, { step: 'pick' })).statusCode).toBe(201)
    expect((await correct(all[6]!.id, { remove: true })).statusCode).toBe(201)
    await revise()
    const moved = work.map((one, i) => (i === 9 ? interval('screw', 90, 97) : one))
    for (const path of [work, moved, work]) {
      await reviseAll(path)
      const now = await spans()
      expect(now).toContain('pick 7.5–10')
      expect(now).not.toContain('pick 15–17.5')
      expect(now).toHaveLength(11)
    }
    expect((await api.call(`/v1/timings/${all[6]!.id}`)).statusCode).toBe(410)
  })

  it('that is withdrawn leaves what was, and what is decoded', async () => {
    const before = await spans()
    const all = await timings()
    const moved = (await correct(all[1]!.id, { startTime: instant(2), endTime: instant(5.5) })).json()
    const removed = (await correct(all[6]!.id, { remove: true })).json()
    await revise()
    expect(await spans()).not.toEqual(before)
    expect(await withdraw(moved.id)).toMatchObject({ withdrawnReason: 'a mistake' })
    await withdraw(moved.id)
    await withdraw(removed.id)
    await revise()
    expect(await spans()).toEqual(before)
    expect((await timings()).every(({ author }) => author === 'machine')).toBe(true)
  })

  it('of what was corrected is withdrawn before the one under it', async () => {
    const { id } = (await timings())[1]!
    const first = (await correct(id, { endTime: instant(5.2) })).json()
    const second = (await correct(id, { endTime: instant(5.4) }, '"2"')).json()
    const refused = await api.call(`/v1/corrections/${first.id}/withdraw`, { method: 'POST', body: { reason: 'x' } })
    expect(refused.json()).toMatchObject({ status: 409, code: 'correction-superseded', details: { by: second.id } })
    await withdraw(second.id)
    expect(await api.get(`/v1/timings/${id}`)).toMatchObject({ endTime: instant(5.2), author: 'person' })
  })
})

describe('is refused by name:', () => {
  const target = async () => (await timings())[1]!.id
  it('a correction of a revision that has been superseded, also by one at the same time', async () => {
    const id = await target()
    const answers = await Promise.all([5.1, 5.2, 5.3].map(end => correct(id, { endTime: instant(end) })))
    expect(answers.map(answer => answer.statusCode).sort()).toEqual([201, 412, 412])
    expect(answers.find(answer => answer.statusCode === 412)!.json().detail).toMatch(/is at revision 2 by now, not 1/)
  })

  it.each([undefined, '*', '3', '"0"', '"-1"', 'W/"1"'])('If-Match: %s', async etag => {
    const id = await target()
    const answer = await api.call(`/v1/timings/${id}/corrections`, {
      method: 'POST',
      body: { reason: 'x', remove: true },
      ...(etag !== undefined && { headers: { 'if-match': etag } }),
    })
    expect(answer.json()).toMatchObject({ status: 428, code: 'revision-missing', details: { timing: id } })
  })

  it.each([
    ['an end before its start', { endTime: instant(2) }, 422, 'no length'],
    ['an end in the future', { endTime: '2199-01-01T00:00:00Z' }, 422, 'future'],
    ['hours', { startTime: instant(-7200) }, 422, 'longer'],
    ['another occurrence', { startTime: instant(20), endTime: instant(21) }, 422, 'shares no time'],
    ['a step that is not there', { step: 'dance' }, 422, 'dance'],
    ['nothing', {}, 400, 'needs a time or a step'],
    ['a removal that also moves', { remove: true, endTime: instant(5) }, 400, 'not both'],
    ['no reason', { reason: ' ', remove: true }, 400, 'reason'],
  ])('%s', async (_, body, status, named) => {
    const answer = await correct(await target(), body)
    expect([answer.statusCode, answer.json().detail]).toEqual([status, expect.stringContaining(named)])
  })

  it('what another person has decided', async () => {
    const all = await timings()
    await correct(all[2]!.id, { startTime: instant(4.8) })
    const answer = await correct(all[1]!.id, { endTime: instant(5.2) })
    expect(answer.json()).toMatchObject({ status: 422, detail: expect.stringContaining(all[2]!.id) })
  })
})
