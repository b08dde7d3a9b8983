import { blobKeys } from '@takt/blobs'
import { encodeNpy, fromFloat32 } from '@takt/onnx'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDriftMeter } from '../src/drift/measure-views.ts'
import { type FilmedStation, startFilmedStation, tinySpec } from './filmed-station.ts'

const windowMs = 8_000
const windows = 9
const segmentMs = 4_000
const width = tinySpec.grid ** 2 * tinySpec.dim

let plant: FilmedStation
let camera: string
let session: string
let release: string
/** On the grid of windows. */
let origin: number
const failed: { readonly view: string; readonly error: unknown }[] = []
beforeAll(async () => {
  plant = await startFilmedStation(0)
  meter = openMeter()
  origin = Math.ceil(plant.origin / windowMs) * windowMs
  camera = plant.revision.cameraId
  session = (await plant.db.prisma.session.findFirstOrThrow()).id
  const { station, encoder, version } = plant
  const head = await plant.db.prisma.head.create({
    data: {
      stationId: station.id,
      encoderId: encoder.id,
      processVersionId: version.id,
      state: 'ready',
      objectKey: 'h',
    },
  })
  const made = await plant.db.prisma.release.create({
    data: { stationId: station.id, encoderId: encoder.id, headId: head.id, effectiveAt: at(windows * windowMs) },
  })
  release = made.id
  await plant.db.prisma.labelRange.create({
    data: {
      ...{ sourceKind: 'station', source: station.id, startsAt: at(0), endsAt: at(windows * windowMs) },
      createdAt: new Date(head.createdAt.getTime() - 1),
    },
  })
  for (let n = 0; n < (windows * windowMs) / segmentMs; n++) await embed(n)
})
afterAll(() => plant?.[Symbol.asyncDispose]())

const at = (ms: number) => new Date(origin + ms)
const noise = (n: number, i: number) => Math.sin(12.9898 * n + 78.233 * i) * 2

/** Segment n, as embedded: features around `feature`, a background that is brighter to the right. */
async function embed(n: number, { feature = 0, gain = 1 }: { feature?: number; gain?: number } = {}) {
  const span = { startsAt: at(n * segmentMs), endsAt: at((n + 1) * segmentMs) }
  const segment = await plant.db.prisma.segment.create({
    data: {
      ...{ ...span, cameraId: camera, sessionId: session, sequence: n, closedAt: span.endsAt, objectKey: `s${n}` },
      ...{ mediaStartTicks: BigInt(n * 360_000), durationTicks: 360_000n, timescale: 90_000 },
      ...{ clockSource: 'sender-report', absoluteErrorMs: 20, bytes: 1n, codec: 'h264', width: 160, height: 120 },
    },
  })
  const key = { viewRevision: plant.revision.id, encoder: plant.encoder.id, segment: segment.id }
  const features = Float32Array.from({ length: 16 * width }, (_, i) => feature * (i % 3 === 0 ? 1 : 0) + noise(n, i))
  const objectKey = blobKeys.embedding(key)
  await plant.blobs.put(objectKey, encodeNpy({ shape: [16, 16, tinySpec.dim], data: fromFloat32(features) }))
  const background = Uint8Array.from({ length: 4096 }, (_, i) => gain * (60 + 2 * (i % 64) + 20 * Math.sin(i / 300)))
  await plant.blobs.put(blobKeys.background(key), background)
  await plant.db.prisma.embedding.create({
    data: {
      ...{ viewRevisionId: plant.revision.id, encoderId: plant.encoder.id, segmentId: segment.id, objectKey },
      ...{ state: 'embedded', firstStep: n * 16, stepCount: 16, embeddedAt: span.endsAt },
    },
  })
  return objectKey
}

const openMeter = () => createDriftMeter({ ...plant, windowMs, onFailed: failure => void failed.push(failure) })
let meter: ReturnType<typeof openMeter>
/** Looks at window `n` of the plant's time. */
const measure = (n: number, by = meter) =>
  by.measure(origin + (n + 1) * windowMs + 30_000, new AbortController().signal)
const rows = () => plant.db.prisma.viewDrift.findMany({ orderBy: { startsAt: 'asc' } })

test('a window like the labelled video has not drifted, and is measured once, whoever comes', async () => {
  for (const n of [18, 19]) await embed(n)
  const both = await Promise.all([measure(9), measure(9, openMeter())])
  expect(both[0]! + both[1]!).toBe(1)
  expect(await measure(9)).toBe(0)
  const [row, ...others] = await rows()
  expect(others).toEqual([])
  expect(row).toMatchObject({
    viewId: plant.view.id,
    releaseId: release,
    viewRevisionId: plant.revision.id,
    startsAt: at(9 * windowMs),
    endsAt: at(10 * windowMs),
    kind: null,
  })
  expect(row!.score).toBeGreaterThan(0.3)
  expect(row!.score).toBeLessThan(2)
  expect(row!.evidence).toMatchObject({
    places: Array(16).fill(expect.any(Number)),
    background: { light: expect.any(Number) },
  })
})

test('one in another light has, and says so', async () => {
  for (const n of [20, 21]) await embed(n, { feature: 3, gain: 0.5 })
  expect(await measure(10)).toBe(1)
  expect((await rows()).at(-1)).toMatchObject({ kind: 'light', startsAt: at(10 * windowMs) })
})

test('of a window without video, or before the release, nothing is said', async () => {
  expect(await measure(11)).toBe(0)
  expect(await measure(3)).toBe(0)
})

test('video that was embedded before backgrounds were kept is measured, and not explained', async () => {
  for (const n of [24, 25]) {
    const key = await embed(n, { feature: 3 })
    const [, , viewRevision, segment] = /^embeddings\/(.+)\/(.+)\/(.+)\.npy$/.exec(key)!
    await plant.blobs.remove(blobKeys.background({ viewRevision: viewRevision!, segment: segment! }))
  }
  expect(await measure(12)).toBe(1)
  expect((await rows()).at(-1)).toMatchObject({ kind: 'unexplained', evidence: { background: null } })
})

test('a spoilt embedding is told of, and stops nothing', async () => {
  await embed(26)
  const key = await embed(27)
  await plant.blobs.put(key, encodeNpy({ shape: [16, 4, 2], data: new Uint16Array(128) }))
  expect(await measure(13)).toBe(0)
  expect(failed).toEqual([{ view: plant.view.id, error: expect.objectContaining({ code: 'embedding-unlike' }) }])
})
