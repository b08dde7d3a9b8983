import { ChannelCredentials, Metadata, type ServiceError, status } from '@grpc/grpc-js'
import { rpcError } from './errors.ts'
import {
  SegmentationServiceClient,
  type SegmentWindowRequest,
  type SegmentWindowResponse,
  type WatchIntervalsRequest,
  type WatchIntervalsResponse,
} from './generated/takt/segmentation/v1/segmentation.ts'
import { maxMessageBytes } from './limits.ts'

export interface Segmenter extends Disposable {
  /** Ends without an error when `signal` aborts. Throws `segmenter-unreachable` (retryable) or `segmenter-refused`. */
  watchIntervals(request: WatchIntervalsRequest, signal: AbortSignal): AsyncIterable<WatchIntervalsResponse>
  segmentWindow(request: SegmentWindowRequest, options: { readonly timeoutMs: number }): Promise<SegmentWindowResponse>
}

/** A client for any of the replicas behind `address`. */
export function connectSegmenter(
  address: string,
  credentials: ChannelCredentials = ChannelCredentials.createInsecure(),
): Segmenter {
  const client = new SegmentationServiceClient(address, credentials, {
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_send_message_length': maxMessageBytes,
    'grpc.keepalive_time_ms': 20_000,
    'grpc.keepalive_timeout_ms': 10_000,
    'grpc.max_reconnect_backoff_ms': 5_000,
  })
  return {
    async *watchIntervals(request, signal) {
      if (signal.aborted) return
      const call = client.watchIntervals(request)
      const cancel = () => call.cancel()
      signal.addEventListener('abort', cancel, { once: true })
      try {
        yield* call
      } catch (error) {
        if (!signal.aborted) throw translated(address, error as ServiceError)
      } finally {
        signal.removeEventListener('abort', cancel)
        call.cancel()
      }
    },
    segmentWindow: (request, { timeoutMs }) =>
      new Promise((resolve, reject) => {
        client.segmentWindow(request, new Metadata(), { deadline: Date.now() + timeoutMs }, (error, response) =>
          error ? reject(translated(address, error)) : resolve(response),
        )
      }),
    [Symbol.dispose]: () => client.close(),
  }
}

const passing = new Set<number>([
  status.UNAVAILABLE,
  status.DEADLINE_EXCEEDED,
  status.RESOURCE_EXHAUSTED,
  status.CANCELLED,
  status.INTERNAL,
  status.UNKNOWN,
])

const translated = (address: string, error: ServiceError) =>
  passing.has(error.code)
    ? rpcError('segmenter-unreachable', { address, reason: error.details }, { cause: error })
    : rpcError(
        'segmenter-refused',
        { address, status: status[error.code] ?? String(error.code), reason: error.details },
        { cause: error },
      )
