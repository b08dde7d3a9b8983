import type { IntervalRow, ReleasedHead, StoredCursor } from '@takt/db'
import { type Censoring, closeInterval, type DecodedInterval, noCycleYet, slotOf, slotStartMs } from '@takt/domain'

/** First slot of the run that these tests record. */
export const origin = slotOf(Date.UTC(2026, 10, 24, 8))
export const atSlot = (slot: number) => slotStartMs(origin + slot)

export const station = '00000000-0000-7000-8000-00000000000a'
export const release = '00000000-0000-7000-8000-00000000000b'
export const run = '00000000-0000-7000-8000-00000000000c'

/** A process of two tasks; where `pick` starts, a cycle starts. */
export const released: ReleasedHead = {
  release,
  station,
  encoder: 'encoder',
  head: 'head',
  headKey: 'heads/head',
  effectiveAtMs: atSlot(0),
  steps: ['pick', 'screw'].map((name, position) => ({
    id: `step ${name}`,
    name,
    level: 'task',
    position,
    opensCycle: position === 0,
    optional: false,
    repeats: false,
    anyOrderGroup: null,
    expectedMs: null,
  })),
}

export const cursor: StoredCursor = {
  station,
  run,
  release,
  runFromSlot: origin,
  decodedThrough: origin,
  nextOrdinal: 0,
  checkpoint: new Uint8Array(),
  completeThrough: origin,
  cycleCarry: noCycleYet,
}

/** An interval between two slots of the run. */
export function interval(
  step: 'pick' | 'screw',
  from: number,
  to: number,
  { ordinal = -1, censored = 'none' }: { readonly ordinal?: number; readonly censored?: Censoring } = {},
): DecodedInterval {
  const slotAt = (slot: number) => ({
    slot: origin + slot,
    views: [{ view: 'front', segment: 'segment', session: 'session', stepIndexInSegment: 0, mediaSeconds: slot / 4 }],
  })
  return closeInterval({
    ordinal,
    step,
    start: slotAt(from),
    end: slotAt(to),
    startOffsetMs: 0,
    endOffsetMs: 0,
    startSdMs: 60,
    endSdMs: 60,
    absoluteErrorMs: 20,
    confidence: 0.875,
    censored,
  })
}

export const spanOf = (row: Pick<IntervalRow, 'stepId' | 'startsAt' | 'endsAt'>) =>
  `${row.stepId.replace('step ', '')} ${slotOf(row.startsAt) - origin}–${slotOf(row.endsAt) - origin}`
