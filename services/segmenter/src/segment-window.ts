import { type DecodedInterval, stepMs, type UtcMs } from '@takt/domain'
import { flush, openDecoder } from '@takt/steps'
import type { StationReader } from '@takt/timeline'
import { decodeSlots, openSince, type RecentSlots, seenBy, timeInterval } from './decode.ts'
import { segmenterError } from './errors.ts'
import type { Released } from './released.ts'
import { gapsOf, type SlotGap } from './slot-gaps.ts'
import { warmUpSlots } from './warm-up.ts'

/** A day at once is enough for any revision. */
export const longestWindowSlots = (24 * 3600 * 1000) / stepMs

/** A step that is still under way so long after the window is reported as far as it was seen. */
const longestLookBehindSlots = (3600 * 1000) / stepMs
const slotsPerRead = (60 * 1000) / stepMs

export interface DecodedWindow {
  readonly intervals: readonly DecodedInterval[]
  readonly gaps: readonly SlotGap[]
  /** Whether all that overlaps the window was decided; else it ends where the settled video does. */
  readonly whole: boolean
}

/**
 * Decodes `[fromSlot, toSlot)` anew: the same bounded look-ahead as `watchIntervals`, a warm-up before, and behind it
 * what the look-ahead and a step under way need. Gives the intervals that overlap the window. Throws `window-refused`
 * and what reading throws.
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
  let slot = fromSlot - warmUpSlots
  let state = openDecoder(head, slot)
  const found: DecodedInterval[] = []
  const gaps: SlotGap[] = []
  const isDecided = () => openSince(state) >= toSlot
  while (!isDecided() && slot < toSlot + longestLookBehindSlots) {
    signal.throwIfAborted()
    const read = await reader.read(release, { fromSlot: slot, toSlot: slot + slotsPerRead, nowMs })
    if (read.slots.length === 0) break
    const slots = seenBy(head, read.slots)
    const decoded = decodeSlots(head, state, slots, recent)
    state = decoded.state
    found.push(...decoded.finals)
    gaps.push(...gapsOf(slots))
    slot += slots.length
  }
  if (!isDecided()) found.push(...flush(head, state).finals.map(interval => timeInterval(interval, recent)))
  const overlapping = found.filter(interval => interval.endSlot > fromSlot && interval.startSlot < toSlot)
  return { intervals: overlapping, gaps, whole: isDecided() }
}
