import { belongingTo, type DecodedInterval, type SlotKey, stepMs, type UtcMs } from '@takt/domain'
import { encodeCheckpoint } from '@takt/steps'
import type { StationReader } from '@takt/timeline'
import { decodeSlots, longestTimedSlots, openSince, type RecentSlots, remember, seenBy } from './decode.ts'
import { openCursor, type RunPosition } from './open-cursor.ts'
import type { Released } from './released.ts'
import { gapsOf, type SlotGap } from './slot-gaps.ts'

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

/**
 * Decodes a station from a cursor on, batch after batch, until the signal aborts. The final intervals depend on the
 * settled slots alone: neither on how they are cut into batches nor on where a stream stopped and another went on.
 * Throws `checkpoint-refused` and what reading throws.
 */
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
  let state = openCursor(release.stepHead, cursor)
  await (cursor.checkpoint.length > 0 ? recall() : warmUp())

  while (!signal.aborted) {
    const from = at.decodedThrough
    const { settled, slots } = await read(from, from + slotsPerBatch)
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

  async function read(fromSlot: number, toSlot: number) {
    const { settled, slots } = await reader.read(release, { fromSlot, toSlot, nowMs: now() })
    return { settled, slots: seenBy(release.stepHead, slots) }
  }

  /** The intervals that are open or undecided at a checkpoint begin at slots that this process has not seen. */
  async function recall(): Promise<void> {
    let slot = Math.max(openSince(state), cursor.decodedThrough - longestTimedSlots)
    while (slot < cursor.decodedThrough && !signal.aborted) {
      const { slots } = await read(slot, Math.min(slot + slotsPerBatch, cursor.decodedThrough))
      if (slots.length === 0) return
      remember(release.stepHead, recent, slots)
      slot += slots.length
    }
  }

  /** A new run has to know its surroundings before it says anything. */
  async function warmUp(): Promise<void> {
    let slot = state.ahead.seenThrough
    while (slot < cursor.decodedThrough && !signal.aborted) {
      const { slots } = await read(slot, Math.min(slot + slotsPerBatch, cursor.decodedThrough))
      if (slots.length === 0) {
        await awaitMore(signal)
        continue
      }
      state = decodeSlots(release.stepHead, state, slots, recent).state
      slot += slots.length
    }
  }
}
