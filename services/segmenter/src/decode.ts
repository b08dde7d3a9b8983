import {
  type Censoring,
  closeInterval,
  type DecodedInterval,
  type Evidence,
  type IntervalMotion,
  stepMs,
  type TimelineSlot,
} from '@takt/domain'
import {
  advance,
  BACKGROUND,
  type DecoderState,
  type Interval,
  isFamiliar,
  type Motion,
  type StepHead,
} from '@takt/steps'
import type { ReadSlot } from '@takt/timeline'

/** Timeline slots seen lately, to time the ends of intervals by the media clock. */
export type RecentSlots = Map<number, Pick<ReadSlot, 'position' | 'absoluteErrorMs'> & { readonly familiar: boolean }>

/** An interval longer than an hour is timed by UTC: its start is not looked up any more. */
export const longestTimedSlots = (3600 * 1000) / stepMs

/** Besides such an interval, what may lie behind its end: a batch of a minute, and the head's lag and look-ahead. */
const recentLimit = longestTimedSlots + 400

/** Adds slots to the recent ones and lets go of the oldest. */
export function remember(head: StepHead, recent: RecentSlots, slots: readonly ReadSlot[]): void {
  for (const { position, absoluteErrorMs, step } of slots) {
    const familiar = step.kind === 'missing' || isFamiliar(head, step)
    recent.set(position.slot, { position, absoluteErrorMs, familiar })
  }
  for (const slot of recent.keys()) {
    if (recent.size <= recentLimit) return
    recent.delete(slot)
  }
}

/** The slots as a head may look at them: a view that the station got after the head was fitted shows it nothing. */
export function seenBy(head: StepHead, slots: readonly ReadSlot[]): ReadSlot[] {
  const known = new Set(head.views.map(view => view.viewId))
  return slots.map(slot => {
    const { position, step } = slot
    if (position.missing || step.kind === 'missing' || position.views.every(({ view }) => known.has(view))) return slot
    const seen = position.views.filter(({ view }) => known.has(view))
    if (seen.length === 0) return { position: unseen(position.slot), step: { kind: 'missing' }, absoluteErrorMs: 0 }
    const views = Object.fromEntries(seen.map(({ view }) => [view, step.views[view]!]))
    return { ...slot, position: { slot: position.slot, views: seen }, step: { kind: 'observed', views } }
  })
}

/** What a stretch of slots led to. Ordinals are −1: they are given to what is kept. */
export interface Decoded {
  readonly state: DecoderState
  readonly finals: readonly DecodedInterval[]
  readonly provisionals: readonly DecodedInterval[]
  readonly completeThrough: number
}

/** Decodes the slots that follow on a state, and remembers them. */
export function decodeSlots(
  head: StepHead,
  state: DecoderState,
  slots: readonly ReadSlot[],
  recent: RecentSlots,
): Decoded {
  remember(head, recent, slots)
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
  const isTimed = interval.endStep - interval.startStep <= longestTimedSlots
  const start = isTimed ? recent.get(interval.startStep) : undefined
  const end = isTimed ? recent.get(interval.endStep) : undefined
  return closeInterval({
    ordinal: -1,
    step: interval.step,
    start: start?.position ?? unseen(interval.startStep),
    end: end?.position ?? unseen(interval.endStep),
    startOffsetMs: interval.startOffsetSeconds * 1000,
    endOffsetMs: interval.endOffsetSeconds * 1000,
    startSdMs: (interval.startSdSeconds ?? 0) * 1000,
    endSdMs: (interval.endSdSeconds ?? 0) * 1000,
    durationSdMs: (interval.durationSdSeconds ?? 0) * 1000,
    absoluteErrorMs: Math.max(start?.absoluteErrorMs ?? 0, end?.absoluteErrorMs ?? 0),
    confidence: interval.confidence,
    censored: censoring(interval),
    evidence: evidenceOf(interval, recent),
    motions: interval.motions?.map(timeMotion),
  })
}

const timeMotion = (motion: Motion): IntervalMotion => ({
  step: motion.motion,
  startMs: motion.startSeconds * 1000,
  endMs: motion.endSeconds * 1000,
  startSdMs: motion.startSdSeconds * 1000,
  endSdMs: motion.endSdSeconds * 1000,
  confidence: motion.confidence,
})

/** The slots of an interval that tell of a border: its two seconds there. */
const borderSlots = 8

/** Where most of an interval, or of it at a border, is unfamiliar, its ± was never measured on the like. */
function evidenceOf({ weak, startStep, endStep }: Interval, recent: RecentSlots): Evidence {
  if (weak) return 'weak'
  const isMostlyUnfamiliar = (from: number, to: number) => {
    let count = 0
    for (let slot = from; slot < to; slot++) if (recent.get(slot)?.familiar === false) count++
    return 2 * count > to - from
  }
  const isUnfamiliar =
    isMostlyUnfamiliar(startStep, endStep) ||
    isMostlyUnfamiliar(startStep, Math.min(endStep, startStep + borderSlots)) ||
    isMostlyUnfamiliar(Math.max(startStep, endStep - borderSlots), endStep)
  return isUnfamiliar ? 'unfamiliar' : 'clear'
}

const unseen = (slot: number): TimelineSlot => ({ slot, missing: true })

const censoring = ({ censoredStart, censoredEnd }: Interval): Censoring =>
  censoredStart ? (censoredEnd ? 'both' : 'start') : censoredEnd ? 'end' : 'none'
