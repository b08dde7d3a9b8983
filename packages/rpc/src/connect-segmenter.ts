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
  /**
   * Ends without an error when `signal` aborts or the segmenter stops. Throws `segmenter-unreachable`,
   * `segmenter-failed` (both retryable) or `segmenter-refused`.
   */
  watchIntervals(request: WatchIntervalsRequest, signal: AbortSignal): AsyncIterable<WatchIntervalsResponse>
  /** Throws the same, and the signal's reason when it aborts. */
  segmentWindow(
    request: SegmentWindowRequest,
    options: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<SegmentWindowResponse>
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
    segmentWindow: async (request, { timeoutMs, signal }) => {
      signal.throwIfAborted()
      const { promise, resolve, reject } = Promise.withResolvers<SegmentWindowResponse>()
      const options = { deadline: Date.now() + timeoutMs }
      const call = client.segmentWindow(request, new Metadata(), options, (error, response) => {
        if (!error) resolve(response)
        else reject(signal.aborted ? signal.reason : translated(address, error))
      })
      const cancel = () => call.cancel()
      signal.addEventListener('abort', cancel, { once: true })
      try {
        return await promise
      } finally {
        signal.removeEventListener('abort', cancel)
      }
    },
    [Symbol.dispose]: () => client.close(),
  }
}

/** What a status says of trying again: nobody answers, it failed there, or (any other) the call itself is refused. */
const errorOfStatus = new Map<status, 'segmenter-unreachable' | 'segmenter-failed'>([
  [status.UNAVAILABLE, 'segmenter-unreachable'],
  [status.DEADLINE_EXCEEDED, 'segmenter-unreachable'],
  [status.CANCELLED, 'segmenter-unreachable'],
  [status.RESOURCE_EXHAUSTED, 'segmenter-failed'],
  [status.ABORTED, 'segmenter-failed'],
  [status.INTERNAL, 'segmenter-failed'],
  [status.UNKNOWN, 'segmenter-failed'],
])

function translated(address: string, error: ServiceError) {
  const code = errorOfStatus.get(error.code) ?? 'segmenter-refused'
  const values = { address, status: status[error.code] ?? String(error.code), reason: error.details }
  return rpcError(code, values, { cause: error })
}
