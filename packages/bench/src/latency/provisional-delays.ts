import type { ToldProvisionals } from '../plant/follow-provisionals.ts'
import type { SegmentTimes } from './segment-times.ts'

/** Seconds from an embedding's commit until what it shows is told provisionally. */
export interface ProvisionalDelay {
  /** To the recorder's transaction: announced, read, decoded, sent. */
  readonly recorded: number
  /** To a reader of REST. */
  readonly seen: number
}

/**
 * How long each embedding takes to the first provisional intervals that know it: those recorded after its commit. An
 * embedding that was committed before anybody looked, or after, has none.
 */
export function provisionalDelays(
  segments: readonly Pick<SegmentTimes, 'embeddedMs'>[],
  told: readonly ToldProvisionals[],
): readonly ProvisionalDelay[] {
  const firstMs = told[0]?.recordedMs ?? Number.POSITIVE_INFINITY
  return segments.flatMap(({ embeddedMs }) => {
    const next = embeddedMs < firstMs ? undefined : told.find(({ recordedMs }) => recordedMs >= embeddedMs)
    if (next === undefined) return []
    return { recorded: (next.recordedMs - embeddedMs) / 1000, seen: (next.seenMs - embeddedMs) / 1000 }
  })
}
