import { type DecodedInterval, stepMs, type UtcMs } from '@takt/domain'
import { flush, openDecoder } from '@takt/steps'
import type { StationReader } from '@takt/timeline'
import { decodeSlots, type RecentSlots, timeInterval } from './decode.ts'
import { segmenterError } from './errors.ts'
import type { Released } from './released.ts'
import { warmUpSlots } from './run-start.ts'
import { gapsOf, type SlotGap } from './slot-gaps.ts'

/** A day at once is enough for any revision. */
export const longestWindowSlots = (24 * 3600 * 1000) / stepMs

/** Slots behind the window that the bounded look-ahead may need, and a step that is still under way at its end. */
const lookBehindSlots = (60 * 1000) / stepMs
const slotsPerRead = (60 * 1000) / stepMs

export interface DecodedWindow {
  readonly intervals: readonly DecodedInterval[]
  readonly gaps: readonly SlotGap[]
  /** Whether the path was decided, not cut off by the end of the settled video. */
  readonly whole: boolean
}

/**
 * Decodes `[fromSlot, toSlot)` anew: the same bounded look-ahead as `watchIntervals`, a warm-up before and what the
 * look-ahead needs behind. Gives the intervals that overlap the window, and whether all of it was settled.
 */
export async function segmentWindow(
  reader: StationReader,
  release: Released,
  window: { readonly fromSlot: number; readonly toSlot: number },
  { signal, nowMs }: { readonly signal: AbortSignal; readonly nowMs: UtcMs },
): Promise<DecodedWindow> {
  const { fromSlot, toSlot } = window
  if (!(toSlot > fromSlot) || toSlot - fromSlot > longestWindowSlots)
    throw segmenterError('window-refused', { fromSlot: `${fromSlot}`, toSlot: `${toSlot}`, limit: longestWindowSlots })
  const head = release.stepHead
  const recent: RecentSlots = new Map()
  const end = toSlot + lookBehindSlots
  let slot = fromSlot - warmUpSlots
  let state = openDecoder(head, slot)
  const found: DecodedInterval[] = []
  const gaps: SlotGap[] = []
  while (slot < end) {
    signal.throwIfAborted()
    const { slots } = await reader.read(release, { fromSlot: slot, toSlot: Math.min(slot + slotsPerRead, end), nowMs })
    if (slots.length === 0) break
    const decoded = decodeSlots(head, state, slots, recent)
    state = decoded.state
    found.push(...decoded.finals)
    gaps.push(...gapsOf(slots))
    slot += slots.length
  }
  if (slot < end) found.push(...flush(head, state).finals.map(interval => timeInterval(interval, recent)))
  const overlapping = found.filter(interval => interval.endSlot > fromSlot && interval.startSlot < toSlot)
  return { intervals: overlapping, gaps, whole: state.decidedThrough >= toSlot }
}
