import { type Cursor, type DecodedInterval, type SlotKey, stepMs, type UtcMs } from '@takt/domain'
import { decodeCheckpoint, encodeCheckpoint, openDecoder } from '@takt/steps'
import type { StationReader } from '@takt/timeline'
import { decodeSlots, openSince, type RecentSlots, remember } from './decode.ts'
import type { Released } from './released.ts'
import { belongingTo, warmUpSlots } from './run-start.ts'
import { gapsOf, type SlotGap } from './slot-gaps.ts'

/** A run's cursor with the slot that the run starts at. */
export interface RunPosition extends Cursor {
  readonly runFromSlot: number
}

export interface WatchBatch {
  readonly from: number
  readonly next: RunPosition
  readonly finals: readonly DecodedInterval[]
  readonly provisionals: readonly DecodedInterval[]
  readonly late: readonly SlotKey[]
  readonly gaps: readonly SlotGap[]
  readonly completeThrough: number
  readonly watermarkMs: UtcMs
}

/** A minute of slots at most in one batch: it bounds memory while a station catches up. */
const slotsPerBatch = (60 * 1000) / stepMs

/** Waits until a station may have more to decode; ends early when the signal aborts. */
export type AwaitMore = (signal: AbortSignal) => Promise<void>

/** Decodes a station from a cursor on, batch after batch, until the signal aborts. */
export async function* watchIntervals(
  reader: StationReader,
  release: Released,
  cursor: RunPosition,
  {
    signal,
    now,
    awaitMore,
  }: { readonly signal: AbortSignal; readonly now: () => UtcMs; readonly awaitMore: AwaitMore },
): AsyncGenerator<WatchBatch> {
  const recent: RecentSlots = new Map()
  let at = cursor
  let state =
    cursor.checkpoint.length > 0
      ? decodeCheckpoint(cursor.checkpoint, release.stepHead)
      : openDecoder(release.stepHead, cursor.decodedThrough - warmUpSlots)
  await (cursor.checkpoint.length > 0 ? recall(openSince(state)) : warmUp())

  while (!signal.aborted) {
    const from = at.decodedThrough
    const { settled, slots } = await reader.read(release, {
      fromSlot: from,
      toSlot: from + slotsPerBatch,
      nowMs: now(),
    })
    if (slots.length === 0) {
      await awaitMore(signal)
      continue
    }
    const decoded = decodeSlots(release.stepHead, state, slots, recent)
    state = decoded.state
    const finals = belongingTo(at.runFromSlot, decoded.finals).map((interval, i) => ({
      ...interval,
      ordinal: at.nextOrdinal + i,
    }))
    at = {
      ...at,
      decodedThrough: from + slots.length,
      nextOrdinal: at.nextOrdinal + finals.length,
      checkpoint: encodeCheckpoint(state),
    }
    yield {
      from,
      next: at,
      finals,
      provisionals: belongingTo(at.runFromSlot, decoded.provisionals),
      late: settled.late,
      gaps: gapsOf(slots),
      completeThrough: Math.max(at.runFromSlot, decoded.completeThrough),
      watermarkMs: settled.watermarkMs,
    }
  }

  /** The intervals that are open or undecided at a checkpoint begin at slots that this process has not seen. */
  async function recall(fromSlot: number): Promise<void> {
    const range = { fromSlot, toSlot: cursor.decodedThrough, nowMs: now() }
    remember(recent, (await reader.read(release, range)).slots)
  }

  /** A new run has to know its surroundings before it says anything. */
  async function warmUp(): Promise<void> {
    let slot = state.ahead.seenThrough
    while (slot < cursor.decodedThrough && !signal.aborted) {
      const toSlot = Math.min(slot + slotsPerBatch, cursor.decodedThrough)
      const { slots } = await reader.read(release, { fromSlot: slot, toSlot, nowMs: now() })
      if (slots.length === 0) {
        await awaitMore(signal)
        continue
      }
      state = decodeSlots(release.stepHead, state, slots, recent).state
      slot += slots.length
    }
  }
}
