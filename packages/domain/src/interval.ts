import { DomainError } from './errors.ts'
import { stepMs, type UtcMs } from './grid.ts'
import { type IntervalMotion, timeMotions } from './interval-motions.ts'
import { slotStartMs, type TimelineSlot } from './timeline.ts'

/** Which ends of an interval were cut by missing video. */
export const censorings = ['none', 'start', 'end', 'both'] as const
export type Censoring = (typeof censorings)[number]

/**
 * Whether a decoder had reason for what it says. `weak`: it saw video and could not tell, so there is no duration.
 * `unfamiliar`: the video is unlike all that the head learnt from, so nobody vouches for its ±.
 */
export const evidences = ['clear', 'weak', 'unfamiliar'] as const
export type Evidence = (typeof evidences)[number]

/** What a duration was measured with: the camera's media clock, or UTC where a session or a view changed in between. */
export type DurationSource = 'media' | 'utc'

/** One occurrence of a step as the segmenter emits it. Its identity is (station, run, ordinal). */
export interface DecodedInterval {
  readonly ordinal: number
  /** Name of the step. */
  readonly step: string
  /** `[startSlot, endSlot)` of the station's timeline. */
  readonly startSlot: number
  readonly endSlot: number
  readonly startUtcMs: UtcMs
  readonly endUtcMs: UtcMs
  /** `null` exactly when the interval is censored, since a gap is never a duration, or its evidence weak. */
  readonly durationMs: number | null
  readonly durationSource: DurationSource | null
  /** Standard deviations of the boundaries and of the duration, ms. */
  readonly startSdMs: number
  readonly endSdMs: number
  readonly durationSdMs: number
  /** Half-width of the absolute error of the placement, ms. */
  readonly absoluteErrorMs: number
  /** Posterior probability of the step over the interval, 0 … 1. */
  readonly confidence: number
  readonly censored: Censoring
  readonly evidence: Evidence
  /** What it is made of, where that is told apart: only of an interval with a duration. */
  readonly motions?: readonly IntervalMotion[] | undefined
}

/** How long an interval was seen, ms: its duration, or where it has none, its time by UTC. */
export const seenMs = (interval: Pick<DecodedInterval, 'startUtcMs' | 'endUtcMs' | 'durationMs'>): number =>
  interval.durationMs ?? interval.endUtcMs - interval.startUtcMs

/** Closes an interval between two slots of the timeline: `start` is its first slot, `end` the first one after it. */
export function closeInterval(found: {
  readonly ordinal: number
  readonly step: string
  readonly start: TimelineSlot
  readonly end: TimelineSlot
  /** Where the boundaries lie beside the slots' edges, within ± half a slot, ms. */
  readonly startOffsetMs: number
  readonly endOffsetMs: number
  readonly startSdMs: number
  readonly endSdMs: number
  /** By default that of two boundaries that know nothing of one another. */
  readonly durationSdMs?: number | undefined
  readonly absoluteErrorMs: number
  readonly confidence: number
  readonly censored: Censoring
  /** By default clear. */
  readonly evidence?: Evidence | undefined
  /** In ms of UTC after the interval's start. */
  readonly motions?: readonly IntervalMotion[] | undefined
}): DecodedInterval {
  const { start, end, startOffsetMs, endOffsetMs, evidence = 'clear', motions, ...rest } = found
  if (end.slot <= start.slot) throw new DomainError('interval-empty', { startSlot: start.slot, endSlot: end.slot })
  const edgesMs = slotStartMs(end.slot) - slotStartMs(start.slot)
  // Two boundaries of one slot may be drawn to the same place: then its edges stand.
  const spanMs = edgesMs + endOffsetMs - startOffsetMs
  const within = spanMs >= stepMs / 2
  const startUtcMs = slotStartMs(start.slot) + (within ? startOffsetMs : 0)
  const endUtcMs = slotStartMs(end.slot) + (within ? endOffsetMs : 0)
  const mediaMs = mediaBetweenMs(start, end)
  const utcMs = endUtcMs - startUtcMs
  const whole = found.censored === 'none' && evidence !== 'weak'
  const durationMs = whole ? (mediaMs === null ? utcMs : (mediaMs * utcMs) / edgesMs) : null
  return {
    ...rest,
    evidence,
    startSlot: start.slot,
    endSlot: end.slot,
    startUtcMs,
    endUtcMs,
    durationMs,
    durationSource: whole ? (mediaMs === null ? 'utc' : 'media') : null,
    durationSdMs: found.durationSdMs ?? Math.hypot(found.startSdMs, found.endSdMs),
    ...(motions && within && durationMs !== null && { motions: timeMotions(motions, { spanMs, durationMs }) }),
  }
}

/** Placing slews UTC by at most 5 % against media time; media times that disagree by more jumped in between. */
const largestDisagreement = 0.06

/** Media time between two slots by the first view that sees both in one session, ms. */
function mediaBetweenMs(start: TimelineSlot, end: TimelineSlot): number | null {
  const utcMs = slotStartMs(end.slot) - slotStartMs(start.slot)
  for (const from of start.views ?? []) {
    const to = end.views?.find(position => position.view === from.view && position.session === from.session)
    if (!to || to.mediaSeconds === null || from.mediaSeconds === null) continue
    const mediaMs = (to.mediaSeconds - from.mediaSeconds) * 1000
    if (Math.abs(mediaMs - utcMs) <= largestDisagreement * utcMs + stepMs / 2) return mediaMs
  }
  return null
}
