/** The one package that talks gRPC. */

export type { Segmenter } from './connect-segmenter.ts'
export { connectSegmenter } from './connect-segmenter.ts'
export { rpcError } from './errors.ts'
export type {
  Cursor as CursorMessage,
  Gap as GapMessage,
  Interval as IntervalMessage,
  SegmentWindowRequest,
  SegmentWindowResponse,
  WatchIntervalsRequest,
  WatchIntervalsResponse,
} from './generated/takt/segmentation/v1/segmentation.ts'
export { fromIntervalMessage, toIntervalMessage } from './interval-message.ts'
export type { SegmentationHandlers, SegmentationServer } from './serve-segmentation.ts'
export { serveSegmentation } from './serve-segmentation.ts'
