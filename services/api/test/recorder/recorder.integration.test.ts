import { type Database, readCursor, releasedStations } from '@takt/db'
import type { Segmenter, WatchIntervalsResponse } from '@takt/rpc'
import { createMetrics } from '@takt/service'
import { afterAll, beforeAll, beforeEach, describe, expect, it, test, vi } from 'vitest'
import { type RecorderContext, recordStation } from '../../src/recorder/record-station.ts'
import { runRecorder, runRevisions } from '../../src/recorder/recorder.ts'
import { recorderEvents } from '../../src/recorder/recorder-events.ts'
import { createRecorderMetrics } from '../../src/recorder/recorder-metrics.ts'
import { reviseStation } from '../../src/recorder/revise-station.ts'
import { at, origin as originMs, type Plant, seedPlant } from '../plant.ts'
import { startApi, type TestApi } from '../start-api.ts'
import { interval } from './bench-station.ts'
import { batchesFrom, origin, scriptedSegmenter, work } from './scripted-segmenter.ts'

let api: TestApi
let db: Database
beforeAll(async () => {
  api = await startApi()
  db = api.db
})
afterAll(() => api[Symbol.asyncDispose]())

let plant: Plant
let count = 0
beforeEach(async () => {
  plant = await seedPlant(db, `bench ${++count}`)
})

const contextOf = (segmenter: Segmenter): RecorderContext => ({
  db,
  segmenter,
  events: recorderEvents(api.context.logger),
  metrics: createRecorderMetrics(createMetrics({ service: 'api', version: 'test' }), Date.now),
  now: Date.now,
})
const never = new AbortController().signal
const latest = async () => {
  const stations = await releasedStations(db)
  return () => stations.find(({ station }) => station === plant.station.id)!
}
const record = async (segmenter = scriptedSegmenter()) => recordStation(contextOf(segmenter), await latest(), never)
const published = () =>
  db.prisma.intervalCurrent.findMany({ where: { stationId: plant.station.id }, orderBy: { startsAt: 'asc' } })
const spans = async () => (await published()).map(row => `${+row.startsAt - originMs}–${+row.endsAt - originMs}`)
const workSpans = work.map(({ startUtcMs, endUtcMs }) => `${startUtcMs - originMs}–${endUtcMs - originMs}`)

describe('recording a station', () => {
  it('opens its first run at its release and commits every batch', async () => {
    await record()
    expect(await spans()).toEqual(workSpans)
    expect(await readCursor(db, plant.station.id)).toMatchObject({
      release: plant.release.id,
      decodedThrough: origin + 120,
      nextOrdinal: 12,
    })
    expect(await db.prisma.cycleCurrent.count({ where: { stationId: plant.station.id } })).toBe(5)
  })

  it('goes on where it was stopped, with whatever batches', async () => {
    const broken: Segmenter = {
      ...scriptedSegmenter(),
      async *watchIntervals(request) {
        for (const message of batchesFrom(request.cursor!, 25)) {
          yield message
          if (Number(message.fromSlot) > origin + 40) throw new Error('the connection broke')
        }
      },
    }
    await expect(record(broken)).rejects.toThrow('broke')
    await record(scriptedSegmenter(7))
    expect(await spans()).toEqual(workSpans)
    expect((await published()).map(row => row.ordinal)).toEqual(work.map((_, i) => i))
  })

  it('by two recorders at once records everything once', async () => {
    const both = async () => {
      while (((await readCursor(db, plant.station.id))?.decodedThrough ?? 0) < origin + 120)
        await record(scriptedSegmenter(10))
    }
    await Promise.all([both(), both()])
    expect(await spans()).toEqual(workSpans)
    const { rows } = await db.pool.query(
      `select c.entity_id from change c join interval_revision r on r.id = c.entity_id and r.revision = c.revision where r.station_id = $1`,
      [plant.station.id],
    )
    expect(rows).toHaveLength(work.length)
  })

  it('hands over to a newer release at a cycle start, without losing or doubling a step', async () => {
    const newer = await db.prisma.release.create({
      data: {
        stationId: plant.station.id,
        encoderId: plant.encoder.id,
        headId: plant.head.id,
        effectiveAt: at(12.5),
      },
    })
    await record()
    expect((await readCursor(db, plant.station.id))!.release).toBe(newer.id)
    await record()
    expect(await spans()).toEqual(workSpans)
    const rows = await published()
    expect(rows.map(row => row.releaseId === newer.id)).toEqual(work.map(({ startUtcMs }) => startUtcMs >= +at(15)))
    expect(rows.filter(row => row.releaseId === newer.id).map(row => row.ordinal)).toEqual([0, 1, 2, 3, 4, 5])
  })

  it.each<[string, (message: WatchIntervalsResponse) => WatchIntervalsResponse]>([
    ['has no next cursor', message => ({ ...message, next: undefined })],
    ['is of another run', message => ({ ...message, next: { ...message.next!, runId: crypto.randomUUID() } })],
    ['runs backwards', message => ({ ...message, next: { ...message.next!, decodedThrough: 0n } })],
    [
      'has ordinals that do not add up',
      message => ({ ...message, finals: message.finals.map(final => ({ ...final, ordinal: 7 })) }),
    ],
    [
      'gives a gap a duration',
      message => ({ ...message, finals: message.finals.map(final => ({ ...final, censored: 3 })) }),
    ],
  ])('refuses a batch that %s', async (_, spoil) => {
    const spoilt: Segmenter = {
      ...scriptedSegmenter(),
      async *watchIntervals(request) {
        for (const message of batchesFrom(request.cursor!, 30)) yield spoil(message)
      },
    }
    await expect(record(spoilt)).rejects.toMatchObject({ code: expect.stringMatching(/^ba(tch|d)-/) })
    expect(await published()).toEqual([])
  })
})

test('replicas share the stations: each is recorded, and a station without a release in force is left alone', async () => {
  const stop = new AbortController()
  const replicas = [1, 2].map(() => runRecorder(contextOf(scriptedSegmenter()), stop.signal))
  await vi.waitFor(async () => expect(await spans()).toEqual(workSpans), { timeout: 20_000 })
  stop.abort()
  await Promise.all(replicas)
})

describe('revising a station', () => {
  const ask = (fromSeconds: number, toSeconds: number) =>
    db.prisma.revisionRequest.create({
      data: {
        stationId: plant.station.id,
        startsAt: at(fromSeconds),
        endsAt: at(toSeconds),
        reason: 'healed',
        requestedAt: new Date(Date.now() - 60_000),
      },
    })
  const workFor = (request: { id: bigint; startsAt: Date; endsAt: Date }) => ({
    station: plant.station.id,
    name: 'bench',
    requests: [request.id],
    reason: 'healed',
    startUtcMs: +request.startsAt,
    endUtcMs: +request.endsAt,
  })
  const isDone = async (id: bigint) =>
    (await db.prisma.revisionRequest.findUniqueOrThrow({ where: { id } })).doneAt !== null

  it('publishes what came out different, once', async () => {
    await record()
    const moved = work.map((one, i) => (i === 5 ? interval('screw', 50, 58) : one))
    const context = contextOf(scriptedSegmenter(30, moved))
    const request = await ask(12, 14)
    await reviseStation(context, workFor(request), never)
    expect((await published()).filter(row => row.revision > 1)).toMatchObject([{ ordinal: 5, endsAt: at(14.5) }])
    expect(await isDone(request.id)).toBe(true)
    await reviseStation(context, workFor(request), never)
    expect((await published()).map(row => row.revision)).toEqual(work.map((_, i) => (i === 5 ? 2 : 1)))
  })

  it('gives a run its first step, however the new path jitters around where the run starts', async () => {
    await record()
    const jittered = [interval('pick', -3, 10), ...work.slice(1)]
    const request = await ask(0, 2)
    await reviseStation(contextOf(scriptedSegmenter(30, jittered)), workFor(request), never)
    expect((await published()).map(row => row.revision)).toEqual(work.map(() => 1))
    expect(await isDone(request.id)).toBe(true)
  })

  it('leaves its requests open while the new path is not decided', async () => {
    await record()
    const request = await ask(12, 14)
    await reviseStation(contextOf(scriptedSegmenter(30, work, false)), workFor(request), never)
    expect(await isDone(request.id)).toBe(false)
    const { requestedAt } = await db.prisma.revisionRequest.findUniqueOrThrow({ where: { id: request.id } })
    expect(Date.now() - +requestedAt).toBeLessThan(30_000)
  })

  it('revises every run that a stretch lies in', async () => {
    await db.prisma.release.create({
      data: {
        stationId: plant.station.id,
        encoderId: plant.encoder.id,
        headId: plant.head.id,
        effectiveAt: at(15),
      },
    })
    await record()
    await record()
    const moved = work.map((one, i) =>
      i === 3 ? interval('screw', 30, 38) : i === 9 ? interval('screw', 90, 97) : one,
    )
    const request = await ask(8, 24)
    await reviseStation(contextOf(scriptedSegmenter(30, moved)), workFor(request), never)
    expect((await published()).filter(row => row.revision > 1).map(row => +row.startsAt - originMs)).toEqual([
      7500, 22_500,
    ])
    expect(await db.prisma.cycleCurrent.count({ where: { stationId: plant.station.id } })).toBe(5)
    expect(await isDone(request.id)).toBe(true)
  })

  it('before the first run closes its requests and changes nothing', async () => {
    await record()
    const request = await ask(-100, -90)
    await reviseStation(contextOf(scriptedSegmenter(30, [])), workFor(request), never)
    expect(await isDone(request.id)).toBe(true)
    expect(await spans()).toEqual(workSpans)
  })

  it('of one station that cannot be revised does not hold up the others', async () => {
    await record()
    const stuck = await ask(2, 4)
    const stuckStation = plant.station.id
    plant = await seedPlant(db, `bench ${++count}`)
    await record()
    const free = await ask(2, 4)
    const stop = new AbortController()
    const segmenter: Segmenter = {
      ...scriptedSegmenter(),
      segmentWindow: async (request, options) => {
        if (request.stationId === stuckStation) throw new Error('its embeddings are spoilt')
        return scriptedSegmenter().segmentWindow(request, options)
      },
    }
    const revising = runRevisions(contextOf(segmenter), stop.signal)
    await vi.waitFor(async () => expect(await isDone(free.id)).toBe(true), { timeout: 20_000 })
    stop.abort()
    await revising
    expect(await isDone(stuck.id)).toBe(false)
  })
})
