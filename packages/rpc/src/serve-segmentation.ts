import { fileURLToPath } from 'node:url'
import {
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceError,
  status,
} from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { ReflectionService } from '@grpc/reflection'
import { isTaktError, toGrpcStatusName } from '@takt/service/errors'
import { HealthImplementation } from 'grpc-health-check'
import { rpcError } from './errors.ts'
import {
  type SegmentationServiceServer,
  SegmentationServiceService,
  type SegmentWindowRequest,
  type SegmentWindowResponse,
  type WatchIntervalsRequest,
  type WatchIntervalsResponse,
} from './generated/takt/segmentation/v1/segmentation.ts'
import { maxMessageBytes, serviceName } from './limits.ts'

/** What the service does with a call; errors are translated here, by their table's status. */
export interface SegmentationHandlers {
  readonly watchIntervals: (
    request: WatchIntervalsRequest,
    signal: AbortSignal,
  ) => AsyncIterable<WatchIntervalsResponse>
  readonly segmentWindow: (request: SegmentWindowRequest, signal: AbortSignal) => Promise<SegmentWindowResponse>
  /** Told of every error before it is translated. */
  readonly onError: (error: unknown, call: string) => void
}

export interface SegmentationServer extends AsyncDisposable {
  readonly port: number
  setServing(serving: boolean): void
}

/** Calls that are under way when the server stops have this long to end, ms. */
const graceMs = 2_000

const protoRoot = fileURLToPath(new URL('../../../proto', import.meta.url))

/** Serves segmentation with gRPC health and reflection. Throws `address-in-use`. */
export async function serveSegmentation(
  address: string,
  handlers: SegmentationHandlers,
  credentials: ServerCredentials = ServerCredentials.createInsecure(),
): Promise<SegmentationServer> {
  const server = new Server({
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_send_message_length': maxMessageBytes,
    'grpc.keepalive_time_ms': 20_000,
    'grpc.keepalive_timeout_ms': 10_000,
  })
  const stopping = new AbortController()
  server.addService(SegmentationServiceService, implementation(handlers, stopping.signal))
  const health = new HealthImplementation({ '': 'NOT_SERVING', [serviceName]: 'NOT_SERVING' })
  health.addToServer(server)
  new ReflectionService(loadSync('takt/segmentation/v1/segmentation.proto', { includeDirs: [protoRoot] })).addToServer(
    server,
  )
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync(address, credentials, (cause, bound) =>
      cause ? reject(rpcError('address-in-use', { address }, { cause })) : resolve(bound),
    ),
  )
  const setServing = (serving: boolean): void => {
    for (const name of ['', serviceName]) health.setStatus(name, serving ? 'SERVING' : 'NOT_SERVING')
  }
  return {
    port,
    setServing,
    [Symbol.asyncDispose]: async () => {
      setServing(false)
      stopping.abort()
      const { promise: closed, resolve } = Promise.withResolvers<void>()
      const force = setTimeout(() => server.forceShutdown(), graceMs)
      server.tryShutdown(() => resolve())
      await closed
      clearTimeout(force)
    },
  }
}

function implementation(handlers: SegmentationHandlers, stopping: AbortSignal): SegmentationServiceServer {
  return {
    watchIntervals: call => {
      void stream(call, handlers, stopping)
    },
    segmentWindow: (call, reply) => {
      const signal = AbortSignal.any([cancellation(call), stopping])
      handlers.segmentWindow(call.request, signal).then(
        response => reply(null, response),
        error => {
          if (stopping.aborted) return reply({ code: status.UNAVAILABLE, details: 'the segmenter stops' })
          if (!signal.aborted) handlers.onError(error, 'segmentWindow')
          reply(toStatus(error))
        },
      )
    },
  }
}

/**
 * Writes batches as fast as the client takes them: a slow client slows decoding, and nothing piles up. A stream ends
 * without an error when the server stops: its client goes on from its cursor at another replica.
 */
async function stream(
  call: ServerWritableStream<WatchIntervalsRequest, WatchIntervalsResponse>,
  handlers: SegmentationHandlers,
  stopping: AbortSignal,
): Promise<void> {
  const cancelled = cancellation(call)
  const signal = AbortSignal.any([cancelled, stopping])
  try {
    for await (const batch of handlers.watchIntervals(call.request, signal)) {
      if (signal.aborted) break
      if (!call.write(batch)) await drained(call, signal)
    }
    call.end()
  } catch (error) {
    if (cancelled.aborted) return
    if (stopping.aborted) return void call.end()
    handlers.onError(error, 'watchIntervals')
    call.emit('error', toStatus(error))
  }
}

async function drained(call: ServerWritableStream<unknown, unknown>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  const { promise, resolve } = Promise.withResolvers<void>()
  const go = () => resolve()
  call.once('drain', go)
  signal.addEventListener('abort', go, { once: true })
  await promise
  call.off('drain', go)
  signal.removeEventListener('abort', go)
}

function cancellation(call: ServerUnaryCall<unknown, unknown> | ServerWritableStream<unknown, unknown>): AbortSignal {
  const controller = new AbortController()
  if (call.cancelled) controller.abort()
  call.on('cancelled', () => controller.abort())
  return controller.signal
}

function toStatus(error: unknown): Partial<ServiceError> {
  // What was not designed for a client tells it nothing; the log has it.
  const details = isTaktError(error) && error.status !== undefined ? error.message : 'the log of the segmenter says why'
  return { code: status[toGrpcStatusName(error)], details }
}
