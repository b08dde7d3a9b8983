import { connectSegmenter, type SegmentationServer, type Segmenter, serveSegmentation } from '@takt/rpc'
import { createAsyncEvent, createLogger, createMetrics, createRedactor } from '@takt/service'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import {
  origin,
  releasedOf,
  release as releaseId,
  run,
  scriptedHead,
  scriptedReader,
  station,
  stepsOf,
  workOf,
} from '../test/scripted-station.ts'
import { segmenterEvents } from './events.ts'
import { createHandlers } from './handlers.ts'
import { createWatching } from './watching.ts'

const steps = stepsOf(workOf(3, 300), 4)
let server: SegmentationServer
let segmenter: Segmenter
let told: unknown[] = []

beforeAll(async () => {
  const released = releasedOf(await scriptedHead())
  const logger = createLogger({
    service: 'segmenter',
    level: 'error',
    redactor: createRedactor(),
    write: () => undefined,
  })
  const metrics = createMetrics({ service: 'segmenter', version: 'test' })
  server = await serveSegmentation('127.0.0.1:0', {
    ...createHandlers({
      reader: scriptedReader(steps),
      release: async () => released,
      watching: createWatching(metrics, segmenterEvents(logger), 2),
      subscribe: () => ({ ...createAsyncEvent(), [Symbol.dispose]: () => undefined }),
      pollMs: 50,
      onWindow: () => undefined,
    }),
    onError: error => told.push(error),
  })
  segmenter = connectSegmenter(`127.0.0.1:${server.port}`)
})
afterAll(async () => {
  segmenter[Symbol.dispose]()
  await server[Symbol.asyncDispose]()
})

const cursor = {
  stationId: station,
  runId: run,
  decodedThrough: BigInt(origin),
  nextOrdinal: 0,
  checkpoint: Buffer.alloc(0),
  runFromSlot: BigInt(origin),
}
const never = new AbortController().signal
const options = { timeoutMs: 10_000, signal: never }

async function firstBatch(request: Parameters<Segmenter['watchIntervals']>[0]) {
  for await (const batch of segmenter.watchIntervals(request, never)) return batch
  return null
}

const refused = { code: 'segmenter-refused', details: { status: 'INVALID_ARGUMENT' } }

test('a good cursor is answered with the slots that follow on it', async () => {
  const batch = await firstBatch({ releaseId, cursor })
  expect(batch).toMatchObject({ fromSlot: BigInt(origin), next: { stationId: station, runId: run } })
  expect(batch!.next!.decodedThrough).toBeGreaterThan(BigInt(origin))
  expect(await firstBatch({ releaseId, cursor: batch!.next })).toMatchObject({ fromSlot: batch!.next!.decodedThrough })
})

describe('a stream is refused as an invalid argument', () => {
  const hostile = "'; drop table station; --"
  it.each([
    ['without a cursor', { releaseId, cursor: undefined }],
    ['for a release that is no id', { releaseId: hostile, cursor }],
    ['for an empty release', { releaseId: '', cursor }],
    ['for a release of another station', { releaseId, cursor: { ...cursor, stationId: run } }],
    ['for a station that is no id', { releaseId, cursor: { ...cursor, stationId: hostile } }],
    ['for a run that is no id', { releaseId, cursor: { ...cursor, runId: hostile } }],
    ['from a negative slot', { releaseId, cursor: { ...cursor, decodedThrough: -1n, runFromSlot: -1n } }],
    ['from before its run', { releaseId, cursor: { ...cursor, decodedThrough: BigInt(origin - 1) } }],
    ['from the end of time', { releaseId, cursor: { ...cursor, decodedThrough: 2n ** 63n - 1n } }],
    ['from beyond all calendars', { releaseId, cursor: { ...cursor, decodedThrough: 2n ** 45n } }],
    ['with a negative ordinal', { releaseId, cursor: { ...cursor, nextOrdinal: -1 } }],
    ['with a garbage checkpoint', { releaseId, cursor: { ...cursor, checkpoint: Buffer.from('garbage') } }],
    ['with a huge checkpoint', { releaseId, cursor: { ...cursor, checkpoint: Buffer.alloc(4_000_000, 7) } }],
  ])('%s', async (_, request) => {
    told = []
    await expect(firstBatch(request)).rejects.toMatchObject(refused)
    expect(told).toHaveLength(1)
  })
})

describe('a window is refused as an invalid argument', () => {
  const window = { stationId: station, releaseId, fromSlot: BigInt(origin), toSlot: BigInt(origin + 100) }
  it.each([
    ['that is empty', { ...window, toSlot: window.fromSlot }],
    ['that runs backwards', { ...window, toSlot: window.fromSlot - 1n }],
    ['that starts before time', { ...window, fromSlot: -5n, toSlot: 5n }],
    ['that is longer than a day', { ...window, toSlot: window.fromSlot + 400_000n }],
    ['that spans everything', { ...window, fromSlot: -(2n ** 63n), toSlot: 2n ** 63n - 1n }],
    ['beyond all calendars', { ...window, fromSlot: 2n ** 45n, toSlot: 2n ** 45n + 1n }],
    ['of another station', { ...window, stationId: run }],
    ['of a station that is no id', { ...window, stationId: 'x' }],
    ['of a release that is no id', { ...window, releaseId: 'x'.repeat(100_000) }],
  ])('%s', async (_, request) => {
    await expect(segmenter.segmentWindow(request, options)).rejects.toMatchObject(refused)
  })

  it('whatever its numbers and texts are, or it is answered', async () => {
    const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    const text = fc.oneof(fc.string(), fc.constantFrom(station, releaseId))
    const request = fc.record({ stationId: text, releaseId: text, fromSlot: int64, toSlot: int64 })
    await fc.assert(
      fc.asyncProperty(request, async hostile => {
        const answer = await segmenter.segmentWindow(hostile, options).catch(error => error)
        if (answer instanceof Error) expect(answer).toMatchObject(refused)
      }),
      { numRuns: 50 },
    )
  })
})

test('a window of scripted work is answered with its intervals', async () => {
  const window = { stationId: station, releaseId, fromSlot: BigInt(origin), toSlot: BigInt(origin + 200) }
  const answer = await segmenter.segmentWindow(window, options)
  expect(answer.whole).toBe(true)
  expect(answer.intervals.length).toBeGreaterThan(4)
  for (const interval of answer.intervals) expect(interval.ordinal).toBeUndefined()
})

test('more streams than a replica takes are turned away, and room is made when one ends', async () => {
  const stop = new AbortController()
  const open = () => segmenter.watchIntervals({ releaseId, cursor }, stop.signal)[Symbol.asyncIterator]()
  const streams = [open(), open()]
  for (const stream of streams) await stream.next()
  await expect(firstBatch({ releaseId, cursor })).rejects.toMatchObject({ code: 'segmenter-failed', retryable: true })
  await streams[0]!.return?.()
  await expect.poll(() => firstBatch({ releaseId, cursor }).catch(() => null)).not.toBeNull()
  stop.abort()
  await streams[1]!.return?.()
})
