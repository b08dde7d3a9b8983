import type { SegmentTimes } from './segment-times.ts'

export const latencyParts = [
  'segmentClose',
  'uploadAndCommit',
  'queueAndEmbed',
  'lookAheadAndLag',
  'decodeAndCommit',
  'visibleInRest',
] as const
export type LatencyPart = (typeof latencyParts)[number]

/** Seconds of each part; they add up to the time from the step's end to its final interval in REST. */
export type Latency = Readonly<Record<LatencyPart, number>>

/**
 * Splits the way of one interval: the segment that shows the step's end closes, is kept and embedded; later segments
 * are embedded until enough lies ahead; the last of them sets off the decoding that makes the interval final.
 * Undefined where the end lies in no segment that was embedded in time.
 */
export function splitLatency(
  interval: { readonly endMs: number; readonly recordedMs: number; readonly seenMs: number },
  segments: readonly SegmentTimes[],
): Latency | undefined {
  const own = segments.find(({ startMs, endMs }) => startMs < interval.endMs && interval.endMs <= endMs)
  if (!own || own.embeddedMs > interval.recordedMs) return undefined
  const trigger = Math.max(...segments.map(segment => segment.embeddedMs).filter(at => at <= interval.recordedMs))
  const moments = [
    interval.endMs,
    own.closedMs,
    own.keptMs,
    own.embeddedMs,
    trigger,
    interval.recordedMs,
    interval.seenMs,
  ]
  const seconds = latencyParts.map((part, i) => [part, (moments[i + 1]! - moments[i]!) / 1000] as const)
  return Object.fromEntries(seconds) as Record<LatencyPart, number>
}

export const totalSeconds = (latency: Latency): number => latencyParts.reduce((sum, part) => sum + latency[part], 0)
