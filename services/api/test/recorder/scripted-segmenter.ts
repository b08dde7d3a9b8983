import type { DecodedInterval } from '@takt/domain'
import { type Segmenter, toIntervalMessage, type WatchIntervalsRequest, type WatchIntervalsResponse } from '@takt/rpc'
import { origin as originMs } from '../plant.ts'
import { interval } from './bench-station.ts'

export const origin = originMs / 250

/** The work of a bench: `pick` opens a cycle of 5 s every time. */
export const work = Array.from({ length: 12 }, (_, i) => interval(i % 2 === 0 ? 'pick' : 'screw', 10 * i, 10 * i + 10))

/** A segmenter that sends the work of any cursor in batches of `slots`, and of any window at once. */
export function scriptedSegmenter(slots = 30, redecoded: readonly DecodedInterval[] = work, whole = true): Segmenter {
  return {
    async *watchIntervals(request, signal) {
      for (const message of batchesFrom(request.cursor!, slots)) {
        if (signal.aborted) return
        yield message
      }
    },
    segmentWindow: async ({ fromSlot, toSlot }) => ({
      intervals: redecoded
        .filter(({ startSlot, endSlot }) => endSlot > Number(fromSlot) && startSlot < Number(toSlot))
        .map(toIntervalMessage),
      gaps: [],
      whole,
    }),
    [Symbol.dispose]: () => undefined,
  }
}

export function* batchesFrom(
  cursor: NonNullable<WatchIntervalsRequest['cursor']>,
  slots: number,
): Generator<WatchIntervalsResponse> {
  const runFrom = Number(cursor.runFromSlot)
  let from = Number(cursor.decodedThrough)
  let ordinal = cursor.nextOrdinal
  while (from < origin + 120) {
    const to = Math.min(from + slots, origin + 120)
    const finals = work
      .filter(({ startSlot, endSlot }) => startSlot >= runFrom && endSlot > from && endSlot <= to)
      .map(final => toIntervalMessage({ ...final, ordinal: ordinal++ }))
    yield {
      fromSlot: BigInt(from),
      next: { ...cursor, decodedThrough: BigInt(to), nextOrdinal: ordinal, checkpoint: Buffer.of(1) },
      finals,
      provisionals: [],
      late: [],
      gaps: [],
      completeThrough: BigInt(to),
      watermark: BigInt(to),
    }
    from = to
  }
}
