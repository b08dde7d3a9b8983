import { fileURLToPath } from 'node:url'
import { Client, credentials, loadPackageDefinition, Server, ServerCredentials } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { TaktError } from '@takt/service/errors'
import { service as healthService } from 'grpc-health-check'
import { afterEach, describe, expect, it, test, vi } from 'vitest'
import { connectSegmenter, type Segmenter } from './connect-segmenter.ts'
import type { WatchIntervalsResponse } from './generated/takt/segmentation/v1/segmentation.ts'
import { maxMessageBytes } from './limits.ts'
import { type SegmentationHandlers, type SegmentationServer, serveSegmentation } from './serve-segmentation.ts'

let started = new AsyncDisposableStack()
afterEach(() => started.disposeAsync())

/** A server on a free port and a client of it. */
async function start(handlers: Partial<SegmentationHandlers>): Promise<{
  readonly server: SegmentationServer
  readonly segmenter: Segmenter
  readonly address: string
}> {
  started = new AsyncDisposableStack()
  const server = started.use(
    await serveSegmentation('127.0.0.1:0', {
      // biome-ignore lint/correctness/useYield: it fails before it has anything to say.
      watchIntervals: async function* () {
        throw new Error('not called')
      },
      segmentWindow: async () => ({ intervals: [], gaps: [], whole: true }),
      onError: () => undefined,
      ...handlers,
    }),
  )
  const address = `127.0.0.1:${server.port}`
  const segmenter = started.use(connectSegmenter(address))
  return { server, segmenter, address }
}

const batch = (fromSlot: number, checkpoint = new Uint8Array(0)): WatchIntervalsResponse => ({
  fromSlot: BigInt(fromSlot),
  next: {
    stationId: 's',
    runId: 'r',
    decodedThrough: BigInt(fromSlot + 1),
    nextOrdinal: 0,
    checkpoint: Buffer.from(checkpoint),
    runFromSlot: 0n,
  },
  finals: [],
  provisionals: [],
  late: [],
  gaps: [],
  completeThrough: BigInt(fromSlot),
  watermark: BigInt(fromSlot),
})

const watchRequest = { cursor: undefined, releaseId: 'release' }
const windowRequest = { stationId: 's', releaseId: 'r', fromSlot: 0n, toSlot: 1n }
const never = new AbortController().signal

const designed = (facts: { retryable: boolean; status?: number }) =>
  new TaktError({ code: 'of-a-test', message: 'hunter2', details: {}, ...facts })

test('batches arrive in order, and a stream that ends ends the iteration', async () => {
  const { segmenter } = await start({
    watchIntervals: async function* () {
      for (let slot = 0; slot < 50; slot++) yield batch(slot)
    },
  })
  const slots: bigint[] = []
  for await (const { fromSlot } of segmenter.watchIntervals(watchRequest, never)) slots.push(fromSlot)
  expect(slots).toEqual(Array.from({ length: 50 }, (_, slot) => BigInt(slot)))
})

test('a client that stops listening stops the decoding', async () => {
  const ended = Promise.withResolvers<void>()
  const { segmenter } = await start({
    watchIntervals: async function* (_, signal) {
      yield batch(0)
      await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()))
      ended.resolve()
    },
  })
  const stop = new AbortController()
  for await (const { fromSlot } of segmenter.watchIntervals(watchRequest, stop.signal)) {
    expect(fromSlot).toBe(0n)
    stop.abort()
  }
  await ended.promise
})

test('leaving the loop stops the decoding as well', async () => {
  const ended = Promise.withResolvers<void>()
  const { segmenter } = await start({
    watchIntervals: async function* (_, signal) {
      signal.addEventListener('abort', () => ended.resolve())
      for (let slot = 0; ; slot++) yield batch(slot)
    },
  })
  for await (const _ of segmenter.watchIntervals(watchRequest, never)) break
  await ended.promise
})

test('a slow client slows the decoding down, and nothing piles up', async () => {
  let made = 0
  const { segmenter } = await start({
    watchIntervals: async function* () {
      for (; made < 1000; made++) yield batch(made, new Uint8Array(256 * 1024))
    },
  })
  let taken = 0
  for await (const _ of segmenter.watchIntervals(watchRequest, never)) {
    if (++taken === 1) await vi.waitFor(() => expect(made).toBeGreaterThan(1))
    await new Promise(resolve => setTimeout(resolve, 5))
    // Both ends' windows hold some megabytes; 250 MB are on their way.
    expect(made - taken).toBeLessThan(100)
    if (taken === 60) break
  }
  expect(taken).toBe(60)
})

test('when the server stops, it says so to health checks, and its streams end without an error', async () => {
  const { server, segmenter } = await start({
    watchIntervals: async function* (_, signal) {
      yield batch(0)
      await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()))
    },
  })
  let batches = 0
  for await (const _ of segmenter.watchIntervals(watchRequest, never)) {
    batches++
    void server[Symbol.asyncDispose]()
  }
  expect(batches).toBe(1)
})

test('an unary call is cancelled with its signal, and throws the reason', async () => {
  const seen = Promise.withResolvers<AbortSignal>()
  const { segmenter } = await start({
    segmentWindow: (_, signal) => {
      seen.resolve(signal)
      return new Promise(() => undefined)
    },
  })
  const stop = new AbortController()
  const answer = segmenter.segmentWindow(windowRequest, { timeoutMs: 60_000, signal: stop.signal })
  answer.catch(() => undefined)
  const serverSignal = await seen.promise
  stop.abort(new Error('the service stops'))
  await expect(answer).rejects.toThrow('the service stops')
  await vi.waitFor(() => expect(serverSignal.aborted).toBe(true))
})

test('a window that takes too long is worth another try', async () => {
  const { segmenter } = await start({ segmentWindow: () => new Promise(() => undefined) })
  await expect(segmenter.segmentWindow(windowRequest, { timeoutMs: 50, signal: never })).rejects.toMatchObject({
    code: 'segmenter-unreachable',
    retryable: true,
  })
})

describe('an error of a handler', () => {
  it.each([
    ['that the client is told of', designed({ retryable: false, status: 400 }), 'segmenter-refused', 'hunter2'],
    ['that may pass', designed({ retryable: true }), 'segmenter-unreachable', 'the log of the segmenter says why'],
    ['that was not designed', new Error('hunter2'), 'segmenter-failed', 'the log of the segmenter says why'],
  ])('%s is told before it is translated, by both calls', async (_, error, code, reason) => {
    const told: unknown[] = []
    const { segmenter } = await start({
      // biome-ignore lint/correctness/useYield: it fails before it has anything to say.
      watchIntervals: async function* () {
        throw error
      },
      segmentWindow: async () => {
        throw error
      },
      onError: (...args) => told.push(args),
    })
    const watched = (async () => {
      for await (const _batch of segmenter.watchIntervals(watchRequest, never)) break
    })()
    await expect(watched).rejects.toMatchObject({ code, details: { reason } })
    await expect(segmenter.segmentWindow(windowRequest, { timeoutMs: 5_000, signal: never })).rejects.toMatchObject({
      code,
      details: { reason },
    })
    expect(told).toEqual([
      [error, 'watchIntervals'],
      [error, 'segmentWindow'],
    ])
  })
})

test('a request larger than any cursor is refused before a handler sees it', async () => {
  const { segmenter } = await start({})
  const huge = { ...windowRequest, releaseId: 'x'.repeat(maxMessageBytes) }
  await expect(segmenter.segmentWindow(huge, { timeoutMs: 5_000, signal: never })).rejects.toMatchObject({
    details: { status: 'RESOURCE_EXHAUSTED' },
  })
})

test('a request that is no message is refused, and the server goes on', async () => {
  const { segmenter, address } = await start({})
  const raw = started.adopt(new Client(address, credentials.createInsecure()), client => client.close())
  const path = '/takt.segmentation.v1.SegmentationService/SegmentWindow'
  const refused = await new Promise<{ code: number } | null>(resolve =>
    raw.makeUnaryRequest(
      path,
      (bytes: Buffer) => bytes,
      (bytes: Buffer) => bytes,
      Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
      error => resolve(error),
    ),
  )
  expect(refused).not.toBeNull()
  expect(await segmenter.segmentWindow(windowRequest, { timeoutMs: 5_000, signal: never })).toMatchObject({
    whole: true,
  })
})

test('nobody at the address is worth another try', async () => {
  using segmenter = connectSegmenter('127.0.0.1:1')
  await expect(segmenter.segmentWindow(windowRequest, { timeoutMs: 5_000, signal: never })).rejects.toMatchObject({
    code: 'segmenter-unreachable',
    retryable: true,
  })
})

test('an address that is taken is refused by name', async () => {
  const other = new Server()
  const port = await new Promise<number>((resolve, reject) =>
    other.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  )
  await expect(
    start({}).then(() => serveSegmentation(`127.0.0.1:${port}`, {} as SegmentationHandlers)),
  ).rejects.toThrow(`127.0.0.1:${port}`)
  other.forceShutdown()
})

test('health says whether it serves, and reflection names the service', async () => {
  const { server, address } = await start({})
  const client = started.adopt(new Client(address, credentials.createInsecure()), own => own.close())
  const check = () =>
    new Promise<{ status: string | number }>((resolve, reject) => {
      const { path, requestSerialize, responseDeserialize } = healthService.Check!
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, { service: '' }, (error, answer) =>
        error ? reject(error) : resolve(answer as { status: string }),
      )
    })
  expect(await check()).toMatchObject({ status: 'NOT_SERVING' })
  server.setServing(true)
  expect(await check()).toMatchObject({ status: 'SERVING' })
  expect(await reflectedServices(address)).toContain('takt.segmentation.v1.SegmentationService')
})

/** Asks by the reflection protocol, as grpcurl does. */
async function reflectedServices(address: string): Promise<string[]> {
  const proto = loadSync(
    fileURLToPath(new URL('../proto/grpc/reflection/v1/reflection.proto', import.meta.resolve('@grpc/reflection'))),
  )
  // biome-ignore lint/suspicious/noExplicitAny: a client made at run time has no type.
  const { grpc } = loadPackageDefinition(proto) as any
  const client = new grpc.reflection.v1.ServerReflection(address, credentials.createInsecure())
  const call = client.ServerReflectionInfo()
  const answer = new Promise<string[]>((resolve, reject) => {
    call.on('data', (message: { listServicesResponse: { service: { name: string }[] } }) =>
      resolve(message.listServicesResponse.service.map(({ name }) => name)),
    )
    call.on('error', reject)
  })
  call.write({ listServices: '*' })
  try {
    return await answer
  } finally {
    call.end()
    client.close()
  }
}
