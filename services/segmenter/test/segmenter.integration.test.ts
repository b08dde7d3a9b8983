import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type BlobStore, openBlobStore } from '@takt/blobs'
import { type Database, fillSlot, migrate, openDatabase } from '@takt/db'
import { freePort, startPostgres } from '@takt/dev-env'
import { slotStartMs } from '@takt/domain'
import { encodeNpy, fromFloat32 } from '@takt/onnx'
import { type CursorMessage, connectSegmenter, type Segmenter, type WatchIntervalsResponse } from '@takt/rpc'
import { startService } from '@takt/service'
import { encodeHead } from '@takt/timeline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { segmenter as definition } from '../src/service.ts'
import { origin, scriptedHead, stepsOf, workOf } from './scripted-station.ts'

const stack = new AsyncDisposableStack()
let db: Database
let blobs: BlobStore
let segmenter: Segmenter
let station: string
let release: string
let run: string
/** Fills the slot of segment n. */
let fill: (n: number) => Promise<void>
let revision: string
let encoder: string
const segments: string[] = []

/** Four minutes of work in segments of 4 s; the last five are still to be embedded. */
const segmentCount = 60
const stepsPerSegment = 16
const embeddedCount = 55
const work = workOf(3, segmentCount * stepsPerSegment)

beforeAll(async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'takt-segmenter-'))
  stack.defer(() => rm(stateDir, { recursive: true, force: true }))
  const postgres = stack.use(await startPostgres({ stateDir, durability: 'fast' }))
  await migrate(postgres.url)
  db = stack.use(openDatabase({ url: postgres.url }))
  const objects = pathToFileURL(join(stateDir, 'objects'))
  blobs = stack.use(await openBlobStore(objects))
  await seed()
  const port = await freePort()
  const running = await startService(definition, {
    write: () => undefined,
    env: {
      DATABASE_URL: postgres.url,
      OBJECT_STORE_URL: objects.href,
      GRPC_ADDRESS: `127.0.0.1:${port}`,
      HEALTH_PORT: String(await freePort()),
    },
  })
  stack.defer(() => running.stop())
  segmenter = stack.use(connectSegmenter(`127.0.0.1:${port}`))
})
afterAll(() => stack.disposeAsync())

async function seed(): Promise<void> {
  const camera = await db.prisma.camera.create({
    data: { name: 'camera', urlSealed: new Uint8Array(1), urlShown: 'rtsp://camera/1' },
  })
  const process = await db.prisma.process.create({ data: { name: 'assembly' } })
  const version = await db.prisma.processVersion.create({
    data: { processId: process.id, version: 1, validFrom: new Date(0) },
  })
  const place = await db.prisma.station.create({ data: { name: 'bench', processId: process.id } })
  const view = await db.prisma.view.create({ data: { stationId: place.id, name: 'front' } })
  const viewRevision = await db.prisma.viewRevision.create({
    data: { viewId: view.id, cameraId: camera.id, validFrom: new Date(0) },
  })
  const network = await db.prisma.encoder.create({
    data: { name: 'scripted', method: 'untrained', spec: {}, weightsKey: 'none', serving: true },
  })
  await blobs.put('heads/scripted', encodeHead(await scriptedHead(view.id)))
  const head = await db.prisma.head.create({
    data: {
      stationId: place.id,
      encoderId: network.id,
      processVersionId: version.id,
      state: 'ready',
      objectKey: 'heads/scripted',
    },
  })
  const released = await db.prisma.release.create({
    data: { stationId: place.id, encoderId: network.id, headId: head.id, effectiveAt: new Date(slotStartMs(origin)) },
  })
  station = place.id
  release = released.id
  run = crypto.randomUUID()
  revision = viewRevision.id
  encoder = network.id
  const session = crypto.randomUUID()
  await db.prisma.session.create({ data: { id: session, cameraId: camera.id, startedAt: new Date() } })
  for (let n = 0; n < segmentCount; n++) segments.push(await addSegment(n, camera.id, session))

  const steps = stepsOf(work, 4, view.id)
  fill = async n => {
    const own = steps.slice(n * stepsPerSegment, (n + 1) * stepsPerSegment)
    const features = own.flatMap(step => (step.kind === 'observed' ? [...step.views[view.id]!] : []))
    const objectKey = `embeddings/${encoder}/${revision}/${segments[n]}.npy`
    const data = fromFloat32(Float32Array.from(features))
    await blobs.put(objectKey, encodeNpy({ shape: [stepsPerSegment, 1, 3], data }))
    const embedded = { objectKey, firstStep: n * stepsPerSegment, stepCount: stepsPerSegment }
    await fillSlot(db, { viewRevision: revision, encoder, segment: segments[n]! }, embedded)
  }
  for (let n = 0; n < embeddedCount; n++) await fill(n)
}

/** A segment of 4 s with its coverage and its pending slot. */
async function addSegment(n: number, cameraId: string, sessionId: string): Promise<string> {
  const startMs = slotStartMs(origin + n * stepsPerSegment)
  const span = { cameraId, startsAt: new Date(startMs), endsAt: new Date(startMs + 4000) }
  const segment = await db.prisma.segment.create({
    data: {
      ...span,
      sessionId,
      sequence: n,
      mediaStartTicks: BigInt(n * 360_000),
      durationTicks: 360_000n,
      timescale: 90_000,
      closedAt: span.endsAt,
      clockSource: 'sender-report',
      absoluteErrorMs: 20,
      objectKey: `segments/${n}.mp4`,
      bytes: 1n,
      codec: 'h264',
      width: 1,
      height: 1,
    },
  })
  await db.prisma.coverage.create({ data: { ...span, state: 'observed', segmentId: segment.id } })
  await db.prisma.embedding.create({
    data: { viewRevisionId: revision, encoderId: encoder, segmentId: segment.id },
  })
  return segment.id
}

const start = () => ({
  stationId: station,
  runId: run,
  decodedThrough: BigInt(origin),
  nextOrdinal: 0,
  checkpoint: Buffer.alloc(0),
  runFromSlot: BigInt(origin),
})

/** Takes batches from a cursor on until one reaches a slot. */
async function watchUntil(slot: number, cursor: CursorMessage = start()): Promise<WatchIntervalsResponse[]> {
  const batches: WatchIntervalsResponse[] = []
  for await (const batch of segmenter.watchIntervals({ releaseId: release, cursor }, AbortSignal.timeout(60_000))) {
    batches.push(batch)
    if (batch.next!.decodedThrough >= BigInt(slot)) break
  }
  return batches
}

const finalsOf = (batches: readonly WatchIntervalsResponse[]) => batches.flatMap(batch => batch.finals)

/** The last slots before a watermark wait for what comes behind it. */
const settledThrough = (segment: number) => origin + segment * stepsPerSegment - 3

test('a station is decoded as far as it is embedded, and no further', async () => {
  const batches = await watchUntil(settledThrough(embeddedCount))
  expect(batches.at(-1)!.next!.decodedThrough).toBe(BigInt(settledThrough(embeddedCount)))
  expect(batches.at(-1)!.watermark).toBe(BigInt(origin + embeddedCount * stepsPerSegment))
  const finals = finalsOf(batches).filter(interval => interval.durationMs !== undefined)
  expect(finals.length).toBeGreaterThan(15)
  for (const { step, startSlot, endSlot, durationMs, durationSource, absoluteErrorMs, ...times } of finals) {
    const middle = Number(startSlot + endSlot) / 2 - origin
    expect(step).toBe(['background', 'pick', 'screw'][work[Math.floor(middle)]!])
    expect({ durationSource, absoluteErrorMs }).toEqual({ durationSource: 1, absoluteErrorMs: 20 })
    // Three times that are each sent in whole milliseconds.
    expect(Math.abs(durationMs! - Number(times.endUtcMs - times.startUtcMs))).toBeLessThanOrEqual(1)
  }
})

test('going on from any cursor, with whatever replica, says the same', async () => {
  const batches = await watchUntil(settledThrough(embeddedCount))
  const middle = batches[1]!
  const rest = await watchUntil(settledThrough(embeddedCount), middle.next!)
  expect(finalsOf(rest)).toEqual(finalsOf(batches.slice(2)))
})

test('a window says of the past what watching said', async () => {
  const toSlot = origin + 600
  const finals = finalsOf(await watchUntil(settledThrough(embeddedCount)))
  const window = { stationId: station, releaseId: release, fromSlot: BigInt(origin), toSlot: BigInt(toSlot) }
  const answer = await segmenter.segmentWindow(window, { timeoutMs: 30_000, signal: AbortSignal.timeout(30_000) })
  expect(answer.whole).toBe(true)
  expect(answer.intervals).toEqual(
    finals
      .filter(interval => interval.startSlot < BigInt(toSlot))
      .map(({ ordinal: _, ...rest }) => ({ ...rest, ordinal: undefined })),
  )
})

test('what is embedded while a client listens reaches it', async () => {
  const stop = new AbortController()
  const reached: number[] = []
  for await (const batch of segmenter.watchIntervals({ releaseId: release, cursor: start() }, stop.signal)) {
    reached.push(Number(batch.next!.decodedThrough))
    if (reached.at(-1) === settledThrough(embeddedCount)) await fill(embeddedCount)
    if (reached.at(-1)! >= settledThrough(embeddedCount + 1)) stop.abort()
  }
  expect(reached.at(-1)).toBe(settledThrough(embeddedCount + 1))
})

test('an embedding that does not come is passed over as late, and its time is a gap', async () => {
  await db.prisma.embedding.updateMany({
    where: { segmentId: segments[embeddedCount + 1]! },
    data: { pendingSince: new Date(Date.now() - 120_000) },
  })
  const batches = await watchUntil(settledThrough(embeddedCount + 2))
  expect(batches.flatMap(batch => batch.late)).toContainEqual({
    viewRevisionId: revision,
    encoderId: encoder,
    segmentId: segments[embeddedCount + 1],
  })
  const from = BigInt(origin + (embeddedCount + 1) * stepsPerSegment)
  expect(batches.at(-1)!.gaps[0]).toMatchObject({ startSlot: from })
})

test('an unknown release is refused as not found', async () => {
  const watching = segmenter.watchIntervals(
    { releaseId: crypto.randomUUID(), cursor: start() },
    AbortSignal.timeout(30_000),
  )
  await expect(watching[Symbol.asyncIterator]().next()).rejects.toMatchObject({
    code: 'segmenter-refused',
    details: { status: 'NOT_FOUND' },
  })
})
