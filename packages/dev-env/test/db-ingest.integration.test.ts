import {
  buryMissing,
  commitToStation,
  type Database,
  fillSlot,
  type KeptSegment,
  keepSegment,
  openFirstRun,
  openRevisionWork,
  openSegments,
  openSlots,
  readCursor,
  retrySlot,
  segmentWork,
  stationChain,
} from '@takt/db'
import { extendCoverage, noCycleYet } from '@takt/domain'
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import {
  addCamera,
  addEncoder,
  addRelease,
  addStation,
  addView,
  at,
  date,
  originSlot,
  startDatabase,
} from './database.ts'

const stack = new AsyncDisposableStack()
let db: Database
let encoder: string
beforeAll(async () => {
  db = stack.use(await startDatabase()).db
  encoder = (await addEncoder(db, 'serving')).id
})
afterAll(() => stack.disposeAsync())

let count = 0
let camera: string
let session: string
let station: string
let revision: string
let head: string
beforeEach(async () => {
  const name = `station ${++count}`
  camera = (await addCamera(db, `camera of ${name}`)).id
  session = crypto.randomUUID()
  const seeded = await addStation(db, name, encoder)
  station = seeded.station.id
  head = seeded.head.id
  revision = (await addView(db, { station, camera })).revision.id
})

/** Segment n covers 4 s from 4·n s on. */
const segmentOf = (sequence: number, change: Partial<KeptSegment> = {}): KeptSegment => ({
  session,
  camera,
  sequence,
  mediaStartTicks: BigInt(sequence * 360_000),
  durationTicks: 360_000n,
  timescale: 90_000,
  closedAtMs: at(4 * sequence + 4),
  senderReports: [],
  startUtcMs: at(4 * sequence),
  endUtcMs: at(4 * sequence + 4),
  source: 'sender-report',
  absoluteErrorMs: 20,
  sessionStartedAtMs: at(0),
  objectKey: `segments/${camera}/${session}/${sequence}.mp4`,
  bytes: 1000,
  codec: 'h264',
  width: 640,
  height: 360,
  hostOffsetMs: null,
  senderReportOffsetMs: null,
  ...change,
})

/** Keeps a segment behind what the camera covers, as ingest does. */
function keep(segment: KeptSegment, coveredUntilMs: number | null) {
  const coverage = extendCoverage({
    camera: segment.camera,
    coveredUntilMs,
    placement: segment,
    segment: '',
    reasonForHole: 'disconnected',
  })
  return keepSegment(db, segment, coverage, coveredUntilMs)
}

const coverageOf = (cameraId: string) =>
  db.prisma.coverage.findMany({ where: { cameraId }, orderBy: { startsAt: 'asc' } })

const slotOf = (segment: string, of: { encoder?: string; revision?: string } = {}) =>
  db.prisma.embedding.findFirst({
    where: { segmentId: segment, encoderId: of.encoder ?? encoder, viewRevisionId: of.revision ?? revision },
  })

const key = (segment: string) => ({ viewRevision: revision, encoder, segment })
const embedded = { objectKey: 'embeddings/x.npy', firstStep: 0, stepCount: 16 }
const requestsOf = (stationId: string) =>
  db.prisma.revisionRequest.findMany({ where: { stationId }, orderBy: { startsAt: 'asc' } })

describe('keeping a segment', () => {
  it('adds the hole before it and itself to the chain', async () => {
    await keep(segmentOf(0), null)
    const { id } = await keep(segmentOf(2), at(4))
    expect(await coverageOf(camera)).toMatchObject([
      { startsAt: date(0), endsAt: date(4), state: 'observed' },
      { startsAt: date(4), endsAt: date(8), state: 'lost', reason: 'disconnected', segmentId: null },
      { startsAt: date(8), endsAt: date(12), state: 'observed', segmentId: id },
    ])
  })

  it('opens a slot for each view that looks through the camera, under the encoder that the station is timed by', async () => {
    const ofStation = await addEncoder(db, `only of ${station}`, false)
    await addEncoder(db, `not serving beside ${station}`, false)
    await addRelease(db, { station, head, encoder: ofStation.id })
    const closeUp = await addView(db, { station, camera, name: 'close-up' })
    const { id, pending } = await keep(segmentOf(0), null)
    const expected = [revision, closeUp.revision.id].map(viewRevision => ({ viewRevision, encoder: ofStation.id }))
    expect(pending).toHaveLength(2)
    expect(pending).toEqual(expect.arrayContaining(expected))
    expect(await db.prisma.embedding.count({ where: { segmentId: id, state: 'pending' } })).toBe(2)
  })

  it('twice is once: the second time it is returned as it is', async () => {
    const first = await keep(segmentOf(0), null)
    expect(first.kept).toBe(true)
    expect(await keep(segmentOf(0), null)).toEqual({ id: first.id, kept: false, pending: [] })
    expect(await coverageOf(camera)).toHaveLength(1)
  })

  it('is fenced: who saw another end of the chain writes nothing', async () => {
    await keep(segmentOf(0), null)
    await expect(keep(segmentOf(5), at(8))).rejects.toMatchObject({ code: 'coverage-moved', retryable: true })
    expect(await db.prisma.segment.count({ where: { sessionId: session } })).toBe(1)
    expect(await coverageOf(camera)).toHaveLength(1)
  })

  it('by two ingests at once is done by one', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 6 }, (_, i) =>
        keep(segmentOf(0, { session: crypto.randomUUID(), objectKey: `o${i}` }), null),
      ),
    )
    expect(outcomes.filter(outcome => outcome.status === 'fulfilled')).toHaveLength(1)
    expect(await coverageOf(camera)).toHaveLength(1)
  })
})

test('two links of one camera that share an instant are refused by Postgres itself', async () => {
  await keep(segmentOf(0), null)
  const overlap = { cameraId: camera, startsAt: date(3.999), endsAt: date(8), state: 'lost', reason: 'stalled' }
  await expect(db.prisma.coverage.create({ data: overlap })).rejects.toThrow(/coverage_links_apart/)
  await db.prisma.coverage.create({ data: { ...overlap, startsAt: date(4) } })
})

test.each([
  ['an observed link without a segment', { state: 'observed', reason: null }],
  ['a lost link without a reason', { state: 'lost', reason: null }],
  ['an empty link', { state: 'lost', reason: 'stalled', endsAt: date(0) }],
])('%s is refused by Postgres itself', async (_, change) => {
  const link = { cameraId: camera, startsAt: date(0), endsAt: date(4), ...change }
  await expect(db.prisma.coverage.create({ data: link })).rejects.toThrow(/coverage_/)
})

test('a release is never edited nor removed', async () => {
  const release = await addRelease(db, { station, head, encoder })
  for (const change of ['update release set effective_at = now() where id = $1', 'delete from release where id = $1'])
    await expect(db.pool.query(change, [release.id])).rejects.toThrow('release is append-only')
})

describe('filling a slot', () => {
  /** A run of the station whose cursor has decoded up to so many seconds. */
  async function decodedThrough(seconds: number) {
    const release = await addRelease(db, { station, head, encoder })
    await openFirstRun(db, { station, release: release.id, fromMs: at(0) })
    await db.prisma.runCursor.update({
      where: { stationId: station },
      data: { decodedThrough: BigInt(originSlot + 4 * seconds), completeThrough: BigInt(originSlot + 4 * seconds) },
    })
  }

  it('of the segment that a run starts in asks for nothing before the run has decoded any of it', async () => {
    const start = Date.now() - 8_000
    const release = await db.prisma.release.create({
      data: { stationId: station, encoderId: encoder, headId: head, effectiveAt: new Date(start) },
    })
    await openFirstRun(db, { station, release: release.id, fromMs: start })
    const { id } = await keep(segmentOf(0, { startUtcMs: start - 1000, endUtcMs: start + 3000 }), null)
    await fillSlot(db, key(id), embedded)
    expect(await requestsOf(station)).toEqual([])
  })

  it('that decoding has not come to asks for nothing', async () => {
    await decodedThrough(0)
    const recent = Date.now() - 5_000
    const segment = segmentOf(0, { startUtcMs: recent, endUtcMs: recent + 4000 })
    const { id } = await keep(segment, null)
    await fillSlot(db, key(id), embedded)
    expect(await slotOf(id)).toMatchObject({ state: 'embedded', objectKey: 'embeddings/x.npy', stepCount: 16 })
    expect(await requestsOf(station)).toEqual([])
  })

  it('twice leaves it as it was the first time', async () => {
    await decodedThrough(4)
    const { id } = await keep(segmentOf(0), null)
    await fillSlot(db, key(id), embedded)
    await fillSlot(db, key(id), { ...embedded, objectKey: 'another' })
    expect(await slotOf(id)).toMatchObject({ objectKey: 'embeddings/x.npy' })
    expect(await requestsOf(station)).toHaveLength(1)
  })

  it.each(['late', 'dead'] as const)('that was %s asks for its stretch to be revised', async state => {
    await decodedThrough(0)
    const { id } = await keep(segmentOf(100), null)
    await db.prisma.embedding.updateMany({ where: { segmentId: id }, data: { state } })
    await fillSlot(db, key(id), embedded)
    expect(await requestsOf(station)).toMatchObject([{ startsAt: date(400), endsAt: date(404), reason: 'healed' }])
  })

  it('behind the cursor, as after a silence, asks for it too', async () => {
    await decodedThrough(8)
    const { id } = await keep(segmentOf(1), null)
    await fillSlot(db, key(id), embedded)
    expect(await requestsOf(station)).toHaveLength(1)
  })

  it('so late that a batch under way may have passed it asks for it too', async () => {
    await decodedThrough(0)
    const near = await keep(segmentOf(10), null)
    const far = await keep(segmentOf(100), at(44))
    await fillSlot(db, key(near.id), embedded)
    await fillSlot(db, key(far.id), embedded)
    expect(await requestsOf(station)).toMatchObject([{ startsAt: date(40) }])
  })

  it('of a view that runs behind asks for the stretch of the station', async () => {
    await decodedThrough(20)
    await db.prisma.viewRevision.update({ where: { id: revision }, data: { offsetMs: 1500 } })
    const { id } = await keep(segmentOf(0), null)
    await fillSlot(db, key(id), embedded)
    expect(await requestsOf(station)).toMatchObject([{ startsAt: date(1.5), endsAt: date(5.5) }])
  })

  it('under an encoder that never decoded the station asks for nothing', async () => {
    await decodedThrough(20)
    const other = await addEncoder(db, `other than of ${station}`, false)
    const { id } = await keep(segmentOf(0), null)
    const stretches = [{ startUtcMs: at(0), endUtcMs: at(4) }]
    expect(await openSlots(db, { station, encoder: other.id, stretches })).toEqual([id])
    await fillSlot(db, { ...key(id), encoder: other.id }, embedded)
    expect(await slotOf(id, { encoder: other.id })).toMatchObject({ state: 'embedded' })
    expect(await requestsOf(station)).toEqual([])
  })

  it('at the very moment at which it is declared late loses nothing: it is filled, and a revision is asked for', async () => {
    await decodedThrough(0)
    for (let round = 0; round < 10; round++) {
      const { id } = await keep(segmentOf(200 + round), round === 0 ? null : at(800 + 4 * round))
      const cursor = (await readCursor(db, station))!
      const [outcome] = await Promise.all([
        commitToStation(db, {
          station,
          run: cursor.run,
          from: cursor.decodedThrough,
          next: {
            run: cursor.run,
            decodedThrough: cursor.decodedThrough + 1,
            nextOrdinal: 0,
            checkpoint: new Uint8Array(),
            completeThrough: cursor.completeThrough,
            cycleCarry: noCycleYet,
          },
          opens: null,
          intervals: [],
          cycles: [],
          provisionals: [],
          late: [{ view: revision, encoder, segment: id }],
        }),
        fillSlot(db, key(id), embedded),
      ])
      expect(outcome).toBe('committed')
      expect(await slotOf(id)).toMatchObject({ state: 'embedded' })
      expect((await requestsOf(station)).filter(({ startsAt }) => +startsAt === at(800 + 4 * round))).toHaveLength(1)
    }
  })

  it('is asked for in one piece once it is quiet, as far as the station is complete', async () => {
    await decodedThrough(10)
    let covered: number | null = null
    for (const sequence of [0, 1, 2]) {
      const { id } = await keep(segmentOf(sequence), covered)
      covered = at(4 * sequence + 4)
      await fillSlot(db, key(id), embedded)
    }
    const workOf = async (quietSince: Date) =>
      (await openRevisionWork(db, quietSince)).filter(work => work.station === station)
    expect(await workOf(new Date(Date.now() - 60_000))).toEqual([])
    expect(await workOf(new Date(Date.now() + 1000))).toMatchObject([
      { startUtcMs: at(0), endUtcMs: at(8), reason: 'healed', requests: [expect.any(BigInt), expect.any(BigInt)] },
    ])
  })
})

test('a segment whose last attempt failed is dead and no work; retried it comes back as late', async () => {
  const { id } = await keep(segmentOf(0), null)
  expect((await segmentWork(db, id)).slots).toHaveLength(1)
  expect(await buryMissing(db, id, 'it is spoilt')).toBe(1)
  expect(await buryMissing(db, id, 'it is spoilt')).toBe(0)
  expect(await slotOf(id)).toMatchObject({ state: 'dead', error: 'it is spoilt' })
  expect((await segmentWork(db, id)).slots).toEqual([])
  expect(await retrySlot(db, key(id))).toBe('late')
  expect(await retrySlot(db, key(id))).toBeNull()
  const open = await openSegments(db, { olderThan: new Date(Date.now() + 1000), limit: 1000 })
  expect(open.map(({ segment }) => segment)).toContain(id)
})

describe('the chain of a view', () => {
  const chainOf = async (fromSeconds: number, toSeconds: number) => {
    const chains = await stationChain(db, { station, encoder, fromMs: at(fromSeconds), toMs: at(toSeconds) })
    return chains.map(({ offsetMs, links }) => ({
      offsetMs,
      links: links.map(link => {
        const state = link.kind === 'lost' ? 'lost' : link.slot
        return `${(link.startUtcMs - at(0)) / 1000}–${(link.endUtcMs - at(0)) / 1000} ${state}`
      }),
    }))
  }

  it('is its camera’s coverage with its slots, from the first link that reaches into the range on', async () => {
    const first = await keep(segmentOf(0), null)
    await keep(segmentOf(1), at(4))
    await keep(segmentOf(3), at(8))
    await keep(segmentOf(4), at(16))
    await fillSlot(db, key(first.id), embedded)
    expect(await chainOf(0, 16)).toEqual([
      { offsetMs: 0, links: ['0–4 embedded', '4–8 pending', '8–12 lost', '12–16 pending'] },
    ])
    expect(await chainOf(4, 5)).toEqual([{ offsetMs: 0, links: ['4–8 pending'] }])
    expect(await chainOf(-4, 2)).toEqual([{ offsetMs: 0, links: ['-4–0 lost', '0–4 embedded'] }])
  })

  it('counts a segment that was never to be embedded under the encoder as dead', async () => {
    const { id } = await keep(segmentOf(0), null)
    await db.prisma.embedding.deleteMany({ where: { segmentId: id } })
    expect(await chainOf(0, 4)).toEqual([{ offsetMs: 0, links: ['0–4 dead'] }])
  })

  it('of a camera that never said anything has no links', async () => {
    expect(await chainOf(0, 4)).toEqual([{ offsetMs: 0, links: [] }])
  })

  it('with an offset is read by the station’s time', async () => {
    for (const [sequence, covered] of [
      [0, null],
      [1, 4],
      [2, 8],
    ] as const)
      await keep(segmentOf(sequence), covered === null ? null : at(covered))
    await db.prisma.viewRevision.update({ where: { id: revision }, data: { offsetMs: 3_600_000 } })
    expect(await chainOf(3604, 3608)).toEqual([{ offsetMs: 3_600_000, links: ['4–8 pending'] }])
  })

  it('goes over to another camera where a revision moves the view, with the hole between as lost', async () => {
    for (const [sequence, covered] of [
      [0, null],
      [1, 4],
      [2, 8],
    ] as const)
      await keep(segmentOf(sequence), covered === null ? null : at(covered))
    const { viewId } = await db.prisma.viewRevision.findUniqueOrThrow({ where: { id: revision } })
    const moved = await addCamera(db, `new camera of ${station}`)
    await db.prisma.viewRevision.create({ data: { viewId, cameraId: moved.id, validFrom: date(7) } })
    const other = { session: crypto.randomUUID(), camera: moved.id }
    await keep(segmentOf(1, { ...other, startUtcMs: at(5), endUtcMs: at(9), objectKey: 'a' }), null)
    await keep(segmentOf(2, { ...other, startUtcMs: at(9), endUtcMs: at(13), objectKey: 'b' }), at(9))
    expect(await chainOf(0, 20)).toEqual([
      { offsetMs: 0, links: ['0–4 pending', '4–8 pending', '8–9 lost', '9–13 pending'] },
    ])
  })

  it('of a station that is not there is refused', async () => {
    station = crypto.randomUUID()
    await expect(chainOf(0, 4)).rejects.toMatchObject({ code: 'station-unknown' })
  })
})
