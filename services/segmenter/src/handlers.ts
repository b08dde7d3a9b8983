import { slotOf, stepMs } from '@takt/domain'
import { rpcError, type SegmentationHandlers, toIntervalMessage, type WatchIntervalsResponse } from '@takt/rpc'
import type { AsyncEvent } from '@takt/service'
import type { StationReader } from '@takt/timeline'
import { segmenterError } from './errors.ts'
import type { RunPosition } from './open-cursor.ts'
import { pacedWait } from './paced-wait.ts'
import type { Released } from './released.ts'
import { longestWindowSlots, segmentWindow } from './segment-window.ts'
import type { SlotGap } from './slot-gaps.ts'
import { type WatchBatch, watchIntervals } from './watch-intervals.ts'
import type { Watching } from './watching.ts'

type WatchRequest = Parameters<SegmentationHandlers['watchIntervals']>[0]
type WindowRequest = Parameters<SegmentationHandlers['segmentWindow']>[0]

/** What the gRPC service does with a call. */
export function createHandlers(context: {
  readonly reader: StationReader
  readonly release: (id: string) => Promise<Released>
  readonly watching: Watching
  readonly subscribe: () => AsyncEvent & Disposable
  readonly pollMs: number
  readonly onWindow: (window: { station: string; slots: number; intervals: number }) => void
}): Omit<SegmentationHandlers, 'onError'> {
  const { reader, watching } = context
  return {
    async *watchIntervals(request, signal) {
      const cursor = parseCursor(request)
      const release = await releaseOf(request.releaseId, cursor.station)
      using stream = watching.open(cursor)
      using more = context.subscribe()
      const batches = watchIntervals(reader, release, cursor, {
        signal,
        now: Date.now,
        awaitMore: pacedWait(more, { pollMs: context.pollMs, leastMs: stepMs }),
      })
      for await (const batch of batches) {
        stream.sent(batch)
        yield toMessage(batch)
      }
    },
    segmentWindow: async (request, signal) => {
      const release = await releaseOf(request.releaseId, request.stationId)
      const window = parseWindow(request)
      const { intervals, gaps, whole } = await segmentWindow(reader, release, window, { signal, nowMs: Date.now() })
      context.onWindow({
        station: request.stationId,
        slots: window.toSlot - window.fromSlot,
        intervals: intervals.length,
      })
      return { intervals: intervals.map(toIntervalMessage), gaps: gaps.map(toGapMessage), whole }
    },
  }

  async function releaseOf(id: string, station: string): Promise<Released> {
    const release = await context.release(requireId('release_id', id))
    if (release.station !== station)
      throw segmenterError('station-mismatch', { station, release: id, of: release.station })
    return release
  }
}

const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/

function requireId(field: string, value: string): string {
  if (!uuid.test(value)) throw rpcError('bad-message', { field, value: JSON.stringify(value.slice(0, 80)) })
  return value
}

/** The slots that have an instant which every part can write down: until the year 9999. */
const lastSlot = slotOf(Date.UTC(9999, 0))

function parseWindow({ fromSlot, toSlot }: WindowRequest): { readonly fromSlot: number; readonly toSlot: number } {
  if (fromSlot < 0n || toSlot > BigInt(lastSlot) || toSlot <= fromSlot)
    throw segmenterError('window-refused', { fromSlot: `${fromSlot}`, toSlot: `${toSlot}`, limit: longestWindowSlots })
  return { fromSlot: Number(fromSlot), toSlot: Number(toSlot) }
}

function parseCursor({ cursor }: WatchRequest): RunPosition {
  if (!cursor) throw segmenterError('cursor-missing')
  const runFromSlot = Number(cursor.runFromSlot)
  const decodedThrough = Number(cursor.decodedThrough)
  if (!(runFromSlot >= 0 && decodedThrough >= runFromSlot && decodedThrough <= lastSlot))
    throw rpcError('bad-message', {
      field: 'cursor.decoded_through',
      value: `${decodedThrough} of a run from ${runFromSlot}`,
    })
  if (cursor.nextOrdinal < 0)
    throw rpcError('bad-message', { field: 'cursor.next_ordinal', value: `${cursor.nextOrdinal}` })
  return {
    station: requireId('cursor.station_id', cursor.stationId),
    run: requireId('cursor.run_id', cursor.runId),
    decodedThrough,
    runFromSlot,
    nextOrdinal: cursor.nextOrdinal,
    checkpoint: cursor.checkpoint,
  }
}

const toGapMessage = ({ startSlot, endSlot }: SlotGap) => ({ startSlot: BigInt(startSlot), endSlot: BigInt(endSlot) })

const toMessage = (batch: WatchBatch): WatchIntervalsResponse => ({
  fromSlot: BigInt(batch.from),
  next: {
    stationId: batch.next.station,
    runId: batch.next.run,
    decodedThrough: BigInt(batch.next.decodedThrough),
    nextOrdinal: batch.next.nextOrdinal,
    checkpoint: Buffer.from(batch.next.checkpoint),
    runFromSlot: BigInt(batch.next.runFromSlot),
  },
  finals: batch.finals.map(toIntervalMessage),
  provisionals: batch.provisionals.map(toIntervalMessage),
  late: batch.late.map(slot => ({ viewRevisionId: slot.view, encoderId: slot.encoder, segmentId: slot.segment })),
  gaps: batch.gaps.map(toGapMessage),
  completeThrough: BigInt(batch.completeThrough),
  watermark: BigInt(slotOf(batch.watermarkMs)),
})
