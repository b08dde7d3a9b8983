import {
  commitToStation,
  type Database,
  openFirstRun,
  type ReleasedStation,
  readCursor,
  releasedHead,
  type StoredCursor,
} from '@takt/db'
import { checkBatch, releaseInForce, slotStartMs, type UtcMs } from '@takt/domain'
import { fromIntervalMessage, type Segmenter, type WatchIntervalsResponse } from '@takt/rpc'
import { capInterval } from './cap-length.ts'
import { planCommit, type ReceivedBatch } from './plan-commit.ts'
import { recorderError } from './recorder-errors.ts'
import type { recorderEvents } from './recorder-events.ts'
import type { RecorderMetrics } from './recorder-metrics.ts'

export interface RecorderContext {
  readonly db: Database
  readonly segmenter: Segmenter
  readonly events: ReturnType<typeof recorderEvents>
  readonly metrics: RecorderMetrics
  readonly now: () => UtcMs
}

/**
 * Records a station from where its cursor stands: subscribes, commits each batch, and returns when a release takes
 * over or somebody else was first; whoever called reads the cursor and subscribes again.
 */
export async function recordStation(
  context: RecorderContext,
  /** The station as it is known now: releases may be added while it is recorded. */
  latest: () => ReleasedStation,
  signal: AbortSignal,
): Promise<void> {
  const { db, events, metrics } = context
  let cursor = await cursorOf(context, latest())
  if (!cursor) return
  const released = await releasedHead(db, cursor.release)
  const { name } = latest()
  for await (const message of context.segmenter.watchIntervals(request(cursor), signal)) {
    const batch = toBatch(message, cursor)
    const newest = releaseInForce(latest().releases, slotStartMs(batch.decodedThrough))
    const commit = planCommit({ cursor, batch, released, newest })
    if ((await commitToStation(db, commit)) === 'stale') {
      metrics.stale.inc()
      events.batchStale({ station: name, run: cursor.run, from: batch.from })
      return
    }
    metrics.recorded(name, commit, released)
    if (commit.opens) {
      events.runOpened({ station: name, ...commit.opens })
      return
    }
    cursor = { ...cursor, ...commit.next }
  }
}

/**
 * Where the station stands. Its first run starts with its first release, even when later ones are in force by now: each
 * decodes the time from its instant on. Null while the first one is still to come.
 */
async function cursorOf({ db, events, now }: RecorderContext, station: ReleasedStation): Promise<StoredCursor | null> {
  const there = await readCursor(db, station.station)
  if (there) return there
  const earliestMs = Math.min(...station.releases.map(release => release.effectiveFromMs))
  const first = releaseInForce(station.releases, Math.min(earliestMs, now()))
  if (!first) return null
  await openFirstRun(db, { station: station.station, release: first.id, fromMs: first.effectiveFromMs })
  const cursor = await readCursor(db, station.station)
  if (cursor)
    events.runOpened({ station: station.name, run: cursor.run, release: first.id, fromSlot: cursor.runFromSlot })
  return cursor
}

const request = (cursor: StoredCursor) => ({
  releaseId: cursor.release,
  cursor: {
    stationId: cursor.station,
    runId: cursor.run,
    decodedThrough: BigInt(cursor.decodedThrough),
    nextOrdinal: cursor.nextOrdinal,
    checkpoint: Buffer.from(cursor.checkpoint),
    runFromSlot: BigInt(cursor.runFromSlot),
  },
})

/** Reads a batch. Throws `batch-without-cursor`, `bad-message`, or `batch-inconsistent` where it contradicts itself. */
function toBatch(message: WatchIntervalsResponse, { station, run }: StoredCursor): ReceivedBatch {
  const { next } = message
  if (!next) throw recorderError('batch-without-cursor', { station })
  const batch = {
    from: Number(message.fromSlot),
    decodedThrough: Number(next.decodedThrough),
    nextOrdinal: next.nextOrdinal,
    checkpoint: next.checkpoint,
    completeThrough: Number(message.completeThrough),
    finals: message.finals.map(final => capInterval(fromIntervalMessage(final))),
    provisionals: message.provisionals.map(fromIntervalMessage),
    late: message.late.map(slot => ({
      view: slot.viewRevisionId,
      encoder: slot.encoderId,
      segment: slot.segmentId,
    })),
    gaps: message.gaps.map(gap => ({
      startUtcMs: slotStartMs(Number(gap.startSlot)),
      endUtcMs: slotStartMs(Number(gap.endSlot)),
    })),
  }
  checkBatch({
    ...batch,
    station,
    run,
    to: batch.decodedThrough,
    next: { ...batch, station: next.stationId, run: next.runId },
  })
  return batch
}
