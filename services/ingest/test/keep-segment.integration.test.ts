import { type CoverageLink, type KeptSegment, keepSegment, recordLost } from '@takt/db'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { chainOf, lossesOf, seams } from './accounts.ts'
import { lookThrough } from './look-through.ts'
import { type Plant, type Site, startPlant } from './plant.ts'

let plant: Plant
let site: Site
let camera: string
let count = 0
beforeAll(async () => {
  plant = await startPlant()
  site = await plant.site('keep')
})
afterAll(async () => {
  await site?.[Symbol.asyncDispose]()
  await plant?.[Symbol.asyncDispose]()
})
beforeEach(async () => {
  count += 1
  camera = await site.addCamera({ name: `camera ${count}`, url: 'rtsp://127.0.0.1/none' })
})

const session = () => `00000000-0000-7000-8000-${String(count).padStart(12, '0')}`

/** Segment `sequence` of 4 s, at `sequence` times 4 s. */
const segmentAt = (sequence: number): KeptSegment => ({
  camera,
  session: session(),
  sequence,
  sessionStartedAtMs: 0,
  mediaStartTicks: BigInt(sequence * 360_000),
  durationTicks: 360_000n,
  timescale: 90_000,
  closedAtMs: (sequence + 1) * 4000,
  senderReports: [],
  startUtcMs: sequence * 4000,
  endUtcMs: (sequence + 1) * 4000,
  source: 'host',
  absoluteErrorMs: 250,
  objectKey: `segments/${sequence}`,
  bytes: 1000,
  codec: 'h264',
  width: 640,
  height: 480,
  hostOffsetMs: 0.5,
  senderReportOffsetMs: null,
})
const observed = ({ startUtcMs, endUtcMs }: KeptSegment): CoverageLink => ({
  camera,
  startUtcMs,
  endUtcMs,
  state: 'observed',
  reason: null,
})
const lost = (startUtcMs: number, endUtcMs: number, reason: 'refused' | 'stalled'): CoverageLink => ({
  camera,
  startUtcMs,
  endUtcMs,
  state: 'lost',
  reason,
})
const keep = (segment: KeptSegment, coveredUntilMs: number | null, before: readonly CoverageLink[] = []) =>
  keepSegment(site.db, segment, [...before, observed(segment)], coveredUntilMs)
const rowsOf = (segment: KeptSegment) => site.db.prisma.segment.findMany({ where: { sessionId: segment.session } })

test('a segment is kept with its session and its coverage, every column as it was given', async () => {
  const { id, kept } = await keep(segmentAt(2), null)
  expect(kept).toBe(true)
  expect(await site.db.prisma.segment.findUniqueOrThrow({ where: { id } })).toMatchObject({
    cameraId: camera,
    sequence: 2,
    mediaStartTicks: 720_000n,
    durationTicks: 360_000n,
    startsAt: new Date(8000),
    endsAt: new Date(12_000),
    closedAt: new Date(12_000),
    bytes: 1000n,
    hostOffsetMs: 0.5,
    senderReportOffsetMs: null,
  })
  expect(await chainOf(site.db, camera)).toMatchObject([
    { startUtcMs: 8000, endUtcMs: 12_000, state: 'observed', segment: id },
  ])
})

test('keeping it again changes nothing and gives the same id', async () => {
  const first = await keep(segmentAt(0), null)
  expect(await keep(segmentAt(0), 4000)).toEqual({ id: first.id, kept: false, pending: [] })
  expect(await chainOf(site.db, camera)).toHaveLength(1)
})

test('one who saw another end of the chain writes nothing at all', async () => {
  await keep(segmentAt(0), null)
  for (const stale of [null, 3999])
    await expect(keep(segmentAt(1), stale)).rejects.toMatchObject({ code: 'coverage-moved' })
  expect(await rowsOf(segmentAt(1))).toHaveLength(1)
  await expect(recordLost(site.db, [lost(0, 9000, 'refused')], 0)).rejects.toMatchObject({ code: 'coverage-moved' })
  expect(await chainOf(site.db, camera)).toHaveLength(1)
})

test('of many that keep different segments at the same end of the chain exactly one succeeds', async () => {
  const tries = Array.from({ length: 8 }, (_, sequence) => keep({ ...segmentAt(0), sequence }, null))
  const outcomes = await Promise.allSettled(tries)
  expect(outcomes.filter(outcome => outcome.status === 'fulfilled')).toHaveLength(1)
  expect(await rowsOf(segmentAt(0))).toHaveLength(1)
  expect(await chainOf(site.db, camera)).toHaveLength(1)
})

test('the views that look through the camera get a pending embedding under the encoder that serves', async () => {
  const { encoder, viewRevision } = await lookThrough(site.db, camera)
  const { id, pending } = await keep(segmentAt(0), null)
  expect(pending).toEqual([{ viewRevision, encoder }])
  expect(await site.db.prisma.embedding.findMany({ where: { segmentId: id } })).toMatchObject([
    { state: 'pending', encoderId: encoder },
  ])
})

test('an outage that goes on is one link; another reason begins another', async () => {
  await keep(segmentAt(0), null)
  await recordLost(site.db, [lost(4000, 5000, 'stalled'), lost(5000, 6000, 'refused')], 4000)
  await recordLost(site.db, [lost(6000, 9000, 'refused')], 6000)
  await recordLost(site.db, [lost(9000, 10_000, 'stalled')], 9000)
  const chain = await chainOf(site.db, camera)
  expect(seams(chain)).toEqual([])
  expect(chain).toHaveLength(4)
  expect(lossesOf(chain)).toEqual(['stalled', 'refused', 'stalled'])
})

test('a camera that is not known moves nothing', async () => {
  const stranger = { ...segmentAt(0), camera: '00000000-0000-7000-8000-00000000dead' }
  await expect(keepSegment(site.db, stranger, [], null)).rejects.toMatchObject({ code: 'coverage-moved' })
})
