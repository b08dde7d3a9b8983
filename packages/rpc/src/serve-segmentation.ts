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
import { toGrpcStatusName } from '@takt/service/errors'
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
  server.addService(SegmentationServiceService, implementation(handlers))
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
  return {
    port,
    setServing: serving => {
      for (const name of ['', serviceName]) health.setStatus(name, serving ? 'SERVING' : 'NOT_SERVING')
    },
    [Symbol.asyncDispose]: () =>
      new Promise<void>(resolve => {
        const force = setTimeout(() => server.forceShutdown(), 2_000)
        server.tryShutdown(() => {
          clearTimeout(force)
          resolve()
        })
      }),
  }
}

const implementation = (handlers: SegmentationHandlers): SegmentationServiceServer => ({
  watchIntervals: call => {
    void stream(call, handlers)
  },
  segmentWindow: (call, reply) => {
    handlers.segmentWindow(call.request, cancellation(call)).then(
      response => reply(null, response),
      error => {
        handlers.onError(error, 'segmentWindow')
        reply(toStatus(error))
      },
    )
  },
})

/** Writes batches as fast as the client takes them: a slow client slows decoding, and nothing piles up. */
async function stream(
  call: ServerWritableStream<WatchIntervalsRequest, WatchIntervalsResponse>,
  handlers: SegmentationHandlers,
): Promise<void> {
  const signal = cancellation(call)
  try {
    for await (const batch of handlers.watchIntervals(call.request, signal)) {
      if (signal.aborted) return
      if (!call.write(batch)) await drained(call, signal)
    }
    call.end()
  } catch (error) {
    if (signal.aborted) return
    handlers.onError(error, 'watchIntervals')
    call.emit('error', toStatus(error))
  }
}

const drained = (call: ServerWritableStream<unknown, unknown>, signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    call.once('drain', resolve)
    signal.addEventListener('abort', () => resolve(), { once: true })
  })

function cancellation(call: ServerUnaryCall<unknown, unknown> | ServerWritableStream<unknown, unknown>): AbortSignal {
  const controller = new AbortController()
  if (call.cancelled) controller.abort()
  call.on('cancelled', () => controller.abort())
  return controller.signal
}

function toStatus(error: unknown): Partial<ServiceError> {
  const name = toGrpcStatusName(error)
  // What was not designed for a client tells it nothing; the log has it.
  const details = name === 'INTERNAL' || !(error instanceof Error) ? 'internal error' : error.message
  return { code: status[name], details }
}
