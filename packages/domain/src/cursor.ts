import { DomainError } from './errors.ts'
import type { RunId, StationId } from './identifiers.ts'
import type { DecodedInterval } from './interval.ts'
import type { SlotKey } from './slots.ts'

/** How far a run of a station is decoded and committed, and all that a segmenter needs to go on from there. */
export interface Cursor {
  readonly station: StationId
  readonly run: RunId
  /** First slot that is not decoded yet. */
  readonly decodedThrough: number
  readonly nextOrdinal: number
  readonly checkpoint: Uint8Array
}

/** What a segmenter sends: the slots `[from, to)` of one run. */
export interface Batch {
  readonly station: StationId
  readonly run: RunId
  readonly from: number
  readonly to: number
  readonly finals: readonly DecodedInterval[]
  /** Overwrite the station's one set of provisional intervals. */
  readonly provisionals: readonly DecodedInterval[]
  /** Embedding slots that decoding stopped waiting for. */
  readonly late: readonly SlotKey[]
  readonly next: Cursor
}

/** What the recorder's transaction reads and writes. */
export interface Recorded {
  readonly cursor: Cursor
  /** By `intervalKey`. */
  readonly intervals: ReadonlyMap<string, DecodedInterval>
}

export const intervalKey = (station: StationId, run: RunId, ordinal: number): string => `${station}/${run}/${ordinal}`

/**
 * `committed`: the batch is in. `replayed`: all of it was in before. `stale`: somebody else was first;
 * read the cursor and subscribe again.
 */
export type CommitOutcome = 'committed' | 'stale' | 'replayed'

/**
 * The recorder's compare-and-swap as a pure function: a batch commits exactly when it starts where the cursor stands.
 * Throws `batch-inconsistent` when the batch contradicts itself or the cursor that it starts from.
 */
export function commitBatch(state: Recorded, batch: Batch): { outcome: CommitOutcome; state: Recorded } {
  checkBatch(batch)
  const { cursor } = state
  if (batch.station !== cursor.station || batch.run !== cursor.run) return { outcome: 'stale', state }
  if (batch.from !== cursor.decodedThrough)
    return { outcome: batch.to <= cursor.decodedThrough ? 'replayed' : 'stale', state }
  const firstOrdinal = batch.next.nextOrdinal - batch.finals.length
  if (firstOrdinal !== cursor.nextOrdinal)
    refuse(batch, `its ordinals start at ${firstOrdinal}, the cursor's at ${cursor.nextOrdinal}`)
  const intervals = new Map(state.intervals)
  for (const interval of batch.finals) intervals.set(intervalKey(batch.station, batch.run, interval.ordinal), interval)
  return { outcome: 'committed', state: { cursor: batch.next, intervals } }
}

/** Throws `batch-inconsistent` unless a batch's ranges, ordinals and next cursor agree with one another. */
export function checkBatch(batch: Batch): void {
  const { finals, next } = batch
  if (batch.to < batch.from) refuse(batch, `it runs from slot ${batch.from} back to ${batch.to}`)
  if (next.station !== batch.station || next.run !== batch.run)
    refuse(batch, `its next cursor is of station ${next.station}, run ${next.run}`)
  if (next.decodedThrough !== batch.to)
    refuse(batch, `it ends at slot ${batch.to}, its next cursor at ${next.decodedThrough}`)
  if (finals.length && batch.to === batch.from) refuse(batch, 'it has final intervals but decodes no slot')
  const firstOrdinal = next.nextOrdinal - finals.length
  const broken = finals.findIndex((interval, i) => interval.ordinal !== firstOrdinal + i)
  if (broken >= 0)
    refuse(batch, `interval ${broken} has ordinal ${finals[broken]!.ordinal} in place of ${firstOrdinal + broken}`)
}

function refuse(batch: Batch, why: string): never {
  throw new DomainError('batch-inconsistent', { station: batch.station, run: batch.run, why })
}
