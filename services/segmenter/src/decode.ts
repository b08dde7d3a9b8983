import { type Censoring, closeInterval, type DecodedInterval, type TimelineSlot } from '@takt/domain'
import { advance, BACKGROUND, type DecoderState, type Interval, type StepHead } from '@takt/steps'
import type { ReadSlot } from '@takt/timeline'

/** Timeline slots seen lately, to time the ends of intervals by the media clock. */
export type RecentSlots = Map<number, Pick<ReadSlot, 'position' | 'absoluteErrorMs'>>

/** An hour of slots: longer than any interval is open. */
const recentLimit = 4 * 3600

export function remember(recent: RecentSlots, slots: readonly ReadSlot[]): void {
  for (const { position, absoluteErrorMs } of slots) recent.set(position.slot, { position, absoluteErrorMs })
  for (const slot of recent.keys()) {
    if (recent.size <= recentLimit) return
    recent.delete(slot)
  }
}

/** What a stretch of slots led to. Ordinals are −1: they are given to what is kept. */
export interface Decoded {
  readonly state: DecoderState
  readonly finals: readonly DecodedInterval[]
  readonly provisionals: readonly DecodedInterval[]
  readonly completeThrough: number
}

export function decodeSlots(
  head: StepHead,
  state: DecoderState,
  slots: readonly ReadSlot[],
  recent: RecentSlots,
): Decoded {
  remember(recent, slots)
  const advanced = advance(
    head,
    state,
    slots.map(slot => slot.step),
  )
  const timed = (interval: Interval) => timeInterval(interval, recent)
  return {
    state: advanced.state,
    finals: advanced.finals.map(timed),
    provisionals: advanced.provisionals.map(timed),
    completeThrough: openSince(advanced.state),
  }
}

/** The start of the step that is under way, or else how far the path is decided. */
export function openSince(state: DecoderState): number {
  const open = state.path.at(-1)
  return open && open.classIndex !== BACKGROUND ? Math.min(open.startStep, state.decidedThrough) : state.decidedThrough
}

/** Gives an interval its times: of slots that are not known any more (or not yet) only UTC is. */
export function timeInterval(interval: Interval, recent: RecentSlots): DecodedInterval {
  const start = recent.get(interval.startStep)
  const end = recent.get(interval.endStep)
  return closeInterval({
    ordinal: -1,
    step: interval.step,
    start: start?.position ?? unseen(interval.startStep),
    end: end?.position ?? unseen(interval.endStep),
    startSdMs: (interval.startSdSeconds ?? 0) * 1000,
    endSdMs: (interval.endSdSeconds ?? 0) * 1000,
    absoluteErrorMs: Math.max(start?.absoluteErrorMs ?? 0, end?.absoluteErrorMs ?? 0),
    confidence: interval.confidence,
    censored: censoring(interval),
  })
}

const unseen = (slot: number): TimelineSlot => ({ slot, missing: true })

const censoring = ({ censoredStart, censoredEnd }: Interval): Censoring =>
  censoredStart ? (censoredEnd ? 'both' : 'start') : censoredEnd ? 'end' : 'none'
