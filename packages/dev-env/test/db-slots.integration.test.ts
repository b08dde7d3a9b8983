import {
  commitToStation,
  type Database,
  fillSlot,
  keepSegment,
  liveSegmentWork,
  openFirstRun,
  openSegments,
  openSlots,
  segmentWork,
  slotsToFill,
  trainingMaterial,
} from '@takt/db'
import { extendCoverage, noCycleYet } from '@takt/domain'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addCamera, addEncoder, addStation, addView, startDatabase } from './database.ts'

const stack = new AsyncDisposableStack()
let db: Database
let standard: string
beforeAll(async () => {
  db = stack.use(await startDatabase()).db
  standard = (await addEncoder(db, 'the default')).id
})
afterAll(() => stack.disposeAsync())

let count = 0
let origin: number
let camera: string
let session: string
let station: string
let revision: string
let view: string
let head: Awaited<ReturnType<typeof addStation>>['head']
let encoder: string
let coveredUntilMs: number | null
beforeEach(async () => {
  const name = `station ${++count}`
  // Video from an hour ago on: heads and releases are made by a clock that is Postgres's own.
  origin = Date.now() - 3_600_000
  coveredUntilMs = null
  session = crypto.randomUUID()
  camera = (await addCamera(db, `camera of ${name}`)).id
  encoder = (await addEncoder(db, `of ${name}`, false)).id
  const seeded = await addStation(db, name, encoder)
  station = seeded.station.id
  head = seeded.head
  const seen = await addView(db, { station, camera })
  revision = seen.revision.id
  view = seen.view.id
  await db.prisma.viewRevision.update({ where: { id: revision }, data: { validFrom: new Date(origin - 3_600_000) } })
  await db.prisma.head.delete({ where: { id: head.id } })
})

const at = (seconds: number) => origin + seconds * 1000

/** Keeps segment n, of 4 s, as ingest does; gives its id and the encoders of its slots. */
async function keep(n: number): Promise<{ readonly id: string; readonly encoders: string[] }> {
  const placement = {
    startUtcMs: at(4 * n),
    endUtcMs: at(4 * n + 4),
    source: 'sender-report' as const,
    absoluteErrorMs: 20,
  }
  const coverage = extendCoverage({ camera, coveredUntilMs, placement, segment: '', reasonForHole: 'disconnected' })
  const kept = await keepSegment(
    db,
    {
      ...placement,
      ...{ session, camera, sequence: n, senderReports: [], sessionStartedAtMs: at(0), closedAtMs: at(4 * n + 4) },
      ...{ mediaStartTicks: BigInt(n * 360_000), durationTicks: 360_000n, timescale: 90_000 },
      ...{ objectKey: `segments/${camera}/${session}/${n}.mp4`, bytes: 1, codec: 'h264', width: 64, height: 36 },
      ...{ hostOffsetMs: null, senderReportOffsetMs: null },
    },
    coverage,
    coveredUntilMs,
  )
  coveredUntilMs = at(4 * n + 4)
  return { id: kept.id, encoders: kept.pending.map(slot => slot.encoder).sort() }
}

const addHead = (of: string, state = 'fitting', madeAt = new Date()) =>
  db.prisma.head.create({
    data: { stationId: station, encoderId: of, processVersionId: head.processVersionId, state, createdAt: madeAt },
  })

const releaseFrom = async (of: string, seconds: number) => {
  const { id } = await addHead(of, 'ready')
  return db.prisma.release.create({
    data: { stationId: station, encoderId: of, headId: id, effectiveAt: new Date(at(seconds)) },
  })
}

const both = (...encoders: string[]) => encoders.sort()
const fill = (segment: string, of = encoder) =>
  fillSlot(db, { viewRevision: revision, encoder: of, segment }, { objectKey: segment, firstStep: 0, stepCount: 16 })

describe('new video is embedded', () => {
  it('under the default where no release is in force, and under it alone', async () => {
    expect((await keep(0)).encoders).toEqual([standard])
  })

  it('under the encoder of a head that is being fitted or waits for its release, beside what times the station', async () => {
    await releaseFrom(standard, 0)
    const candidate = await addHead(encoder)
    expect((await keep(0)).encoders).toEqual(both(standard, encoder))
    await db.prisma.head.update({ where: { id: candidate.id }, data: { state: 'ready' } })
    expect((await keep(1)).encoders).toEqual(both(standard, encoder))
  })

  it('of a candidate by backfill alone: live work is what the station is timed by', async () => {
    await releaseFrom(standard, 0)
    await addHead(encoder)
    const { id } = await keep(0)
    expect((await segmentWork(db, id)).slots.map(slot => slot.encoder).sort()).toEqual(both(standard, encoder))
    expect((await liveSegmentWork(db, id)).slots.map(slot => slot.encoder)).toEqual([standard])
    await fill(id, standard)
    expect((await liveSegmentWork(db, id)).slots).toEqual([])
    await releaseFrom(encoder, 0)
    expect((await liveSegmentWork(db, id)).slots.map(slot => slot.encoder)).toEqual([encoder])
  })

  it('no longer under that of a head that failed, is a day old, or was passed over by a release', async () => {
    await releaseFrom(standard, 0)
    await addHead(encoder, 'failed')
    await addHead(encoder, 'ready', new Date(origin - 24 * 3_600_000))
    expect((await keep(0)).encoders).toEqual([standard])
    await addHead(encoder)
    expect((await keep(1)).encoders).toEqual(both(standard, encoder))
    await releaseFrom(standard, 0)
    expect((await keep(2)).encoders).toEqual([standard])
  })

  it('under both encoders from a release on until the station is decoded by it, then under the new one alone', async () => {
    const old = await releaseFrom(standard, 0)
    await openFirstRun(db, { station, release: old.id, fromMs: at(0) })
    const next = await releaseFrom(encoder, 8)
    expect((await keep(0)).encoders).toEqual(both(standard, encoder))
    // From here on only the new release is in force; its cycle has not begun.
    expect((await keep(2)).encoders).toEqual(both(standard, encoder))
    await switchTo(next.id)
    expect((await keep(3)).encoders).toEqual([encoder])
  })

  it('under the encoder of a release that is still to come, since its run reads a cycle of warm-up', async () => {
    await releaseFrom(standard, 0)
    await releaseFrom(encoder, 1000)
    expect((await keep(0)).encoders).toEqual(both(standard, encoder))
  })

  async function switchTo(release: string) {
    const cursor = await db.prisma.runCursor.findUniqueOrThrow({ where: { stationId: station } })
    const run = crypto.randomUUID()
    const fromSlot = Number(cursor.decodedThrough) + 1
    const next = { run, decodedThrough: fromSlot, nextOrdinal: 0, checkpoint: new Uint8Array() }
    const outcome = await commitToStation(db, {
      ...{ station, run: cursor.runId, from: Number(cursor.decodedThrough), opens: { run, release, fromSlot } },
      next: { ...next, completeThrough: fromSlot, cycleCarry: noCycleYet },
      ...{ intervals: [], cycles: [], provisionals: [], late: [] },
    })
    expect(outcome).toBe('committed')
  }
})

describe('opening slots', () => {
  const stretch = (from: number, to: number) => ({ startUtcMs: at(from), endUtcMs: at(to) })

  it('makes those that are missing in its stretches, once', async () => {
    const [first, second, third] = [await keep(0), await keep(1), await keep(2)]
    const of = { station, encoder, stretches: [stretch(0, 2), stretch(5, 8)] }
    expect((await openSlots(db, of)).sort()).toEqual([first.id, second.id].sort())
    expect(await openSlots(db, of)).toEqual([])
    expect(await openSlots(db, { ...of, stretches: [stretch(0, 100)] })).toEqual([third.id])
  })

  it('of a segment that is embedded already is told from opening its first', async () => {
    const [first, second] = [await keep(0), await keep(1)]
    await fill(first.id, standard)
    await openSlots(db, { station, encoder, stretches: [stretch(0, 8)] })
    const open = await openSegments(db, { olderThan: new Date(Date.now() + 1000), limit: 1000 })
    const own = open.filter(({ segment }) => [first.id, second.id].includes(segment))
    expect(own.map(({ segment, embeddedBefore }) => [segment, embeddedBefore])).toEqual([
      [first.id, true],
      [second.id, false],
    ])
  })

  it('counts what is still to be filled of them', async () => {
    const [first] = [await keep(0), await keep(1)]
    const of = { station, encoder, stretches: [stretch(0, 8), stretch(4, 8)] }
    expect(await slotsToFill(db, of)).toBe(0)
    await openSlots(db, of)
    expect(await slotsToFill(db, of)).toBe(2)
    await fill(first!.id)
    expect(await slotsToFill(db, of)).toBe(1)
    await db.pool.query(`update embedding set state = 'dead' where encoder_id = $1 and state = 'pending'`, [encoder])
    expect(await slotsToFill(db, of)).toBe(0)
  })

  it('takes each segment as the view saw it then, in the station’s time', async () => {
    const [first, second] = [await keep(0), await keep(1)]
    const later = await db.prisma.viewRevision.create({
      data: { viewId: view, cameraId: camera, validFrom: new Date(at(4)), offsetMs: 2000 },
    })
    await openSlots(db, { station, encoder, stretches: [stretch(0, 20)] })
    const slots = await db.prisma.embedding.findMany({ where: { encoderId: encoder }, orderBy: { segmentId: 'asc' } })
    expect(slots.map(slot => [slot.segmentId, slot.viewRevisionId])).toEqual([
      [first!.id, revision],
      [second!.id, later.id],
    ])
    const other = (await addEncoder(db, `another of ${station}`, false)).id
    expect(await openSlots(db, { station, encoder: other, stretches: [stretch(5, 5.5)] })).toEqual([])
    expect(await openSlots(db, { station, encoder: other, stretches: [stretch(9, 9.5)] })).toEqual([second!.id])
  })
})

describe('training material', () => {
  const material = async (change: Partial<Parameters<typeof trainingMaterial>[1]> = {}) => {
    const query = {
      encoder,
      stations: [station],
      embeddedBeforeMs: Date.now() + 10_000,
      windowMs: 7_200_000,
      perView: 100,
    }
    return (await trainingMaterial(db, { ...query, ...change })).map(({ segment }) => segment)
  }

  it('is what was embedded before, in time order, as its view saw it', async () => {
    const kept = [await keep(0), await keep(1), await keep(2)]
    await openSlots(db, { station, encoder, stretches: [{ startUtcMs: at(0), endUtcMs: at(100) }] })
    for (const { id } of kept.slice(0, 2)) await fill(id)
    const masks = [{ x: 0, y: 0, width: 0.5, height: 1 }]
    await db.prisma.viewRevision.update({ where: { id: revision }, data: { masks } })
    expect(await material()).toEqual([kept[0]!.id, kept[1]!.id])
    expect(
      await trainingMaterial(db, {
        encoder,
        stations: [],
        embeddedBeforeMs: Date.now() + 10_000,
        windowMs: 7_200_000,
        perView: 1,
      }),
    ).toMatchObject([
      { viewRevision: revision, mediaStartSeconds: 4, durationSeconds: 4, startUtcMs: at(4), crop: null, masks },
    ])
    expect(await material({ stations: [crypto.randomUUID()] })).toEqual([])
    expect(await material({ encoder: standard })).toEqual([])
    expect(await material({ windowMs: 0 })).toEqual([])
  })

  it('stays the same while more is embedded', async () => {
    const kept = [await keep(0), await keep(1)]
    await openSlots(db, { station, encoder, stretches: [{ startUtcMs: at(0), endUtcMs: at(100) }] })
    await fill(kept[0]!.id)
    await db.pool.query(`update embedding set embedded_at = now() - interval '1 hour' where segment_id = $1`, [
      kept[0]!.id,
    ])
    const startedAt = Date.now()
    await fill(kept[1]!.id)
    expect(await material({ embeddedBeforeMs: startedAt })).toEqual([kept[0]!.id])
  })

  it('is spread over the time that a view has', async () => {
    const kept: string[] = []
    for (let n = 0; n < 10; n++) kept.push((await keep(n)).id)
    await openSlots(db, { station, encoder, stretches: [{ startUtcMs: at(0), endUtcMs: at(100) }] })
    for (const id of kept) await fill(id)
    expect(await material({ perView: 4 })).toEqual([0, 3, 6, 9].map(n => kept[n]))
    expect(await material({ perView: 5 })).toEqual([1, 3, 5, 7, 9].map(n => kept[n]))
  })
})
