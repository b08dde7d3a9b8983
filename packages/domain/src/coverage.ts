import { DomainError } from './errors.ts'
import type { UtcMs } from './grid.ts'
import type { CameraId, SegmentId } from './identifiers.ts'
import { mergeRanges, overlapMs, type Range, subtractRanges } from './range.ts'
import type { Placement } from './segment.ts'

/** Why video of a time is not there. Only ingest, retention and a restore say so. */
export const lossReasons = [
  'disconnected',
  'stalled',
  'refused',
  'unreachable',
  'wrong-codec',
  'spool-full',
  'bad-segment',
  'ingest-down',
  'disabled',
  'upload-failed',
  'retention',
  'restore',
  'failed',
] as const
export type LossReason = (typeof lossReasons)[number]

/** One link of a camera's chain of coverage: links touch and never overlap. */
export interface CoverageEntry extends Range {
  readonly camera: CameraId
  readonly state: 'observed' | 'lost'
  /** Set exactly when the time is lost. */
  readonly reason: LossReason | null
  /** Set exactly when the time is observed. */
  readonly segment: SegmentId | null
}

/** The links that a placed segment adds: the hole before it, if any, then the segment. `null` starts the chain. */
export function extendCoverage(next: {
  readonly camera: CameraId
  readonly coveredUntilMs: UtcMs | null
  readonly placement: Pick<Placement, 'startUtcMs' | 'endUtcMs'>
  readonly segment: SegmentId
  readonly reasonForHole: LossReason
}): readonly CoverageEntry[] {
  const { startUtcMs, endUtcMs } = next.placement
  if (!(endUtcMs > startUtcMs)) throw new DomainError('coverage-empty', { startUtcMs, endUtcMs })
  const observed: CoverageEntry = {
    camera: next.camera,
    startUtcMs,
    endUtcMs,
    state: 'observed',
    reason: null,
    segment: next.segment,
  }
  const { coveredUntilMs } = next
  if (coveredUntilMs === null || coveredUntilMs === startUtcMs) return [observed]
  if (coveredUntilMs > startUtcMs) throw new DomainError('coverage-overlap', { coveredUntilMs, startUtcMs })
  return [
    ...loseCoverage({ camera: next.camera, coveredUntilMs, untilMs: startUtcMs, reason: next.reasonForHole }),
    observed,
  ]
}

/** The link that an outage adds up to `untilMs`; none when coverage reaches that far already. */
export function loseCoverage(outage: {
  readonly camera: CameraId
  readonly coveredUntilMs: UtcMs
  readonly untilMs: UtcMs
  readonly reason: LossReason
}): readonly CoverageEntry[] {
  const { camera, coveredUntilMs, untilMs, reason } = outage
  if (untilMs <= coveredUntilMs) return []
  return [{ camera, startUtcMs: coveredUntilMs, endUtcMs: untilMs, state: 'lost', reason, segment: null }]
}

/** The time of a window that no link speaks for. Inside a camera's chain it is empty, or something was dropped in silence. */
export const unaccounted = (entries: readonly Range[], window: Range): readonly Range[] =>
  subtractRanges(window, entries)

/** Where a window's time went. The parts add up to the window. */
export interface CoverageSummary {
  readonly observedMs: number
  /** Time after the chain's end that should have arrived by now. */
  readonly lateMs: number
  readonly lostMs: Readonly<Record<LossReason, number>>
  /** Holes in the chain: must be 0. */
  readonly unaccountedMs: number
  /** Time before the chain began, or too recent to be expected yet. */
  readonly outsideMs: number
}

/** Sums up the links of one camera that touch a window. */
export function summariseCoverage(question: {
  readonly entries: readonly CoverageEntry[]
  readonly window: Range
  readonly nowMs: UtcMs
  readonly lateAfterMs: number
}): CoverageSummary {
  const { entries, window } = question
  const lostMs = Object.fromEntries(lossReasons.map(reason => [reason, 0])) as Record<LossReason, number>
  let observedMs = 0
  for (const entry of entries) {
    if (entry.reason === null) observedMs += overlapMs(entry, window)
    else lostMs[entry.reason] += overlapMs(entry, window)
  }
  const holes = unaccounted(entries, window)
  const chain = mergeRanges(entries)
  const chainStart = chain[0]?.startUtcMs ?? window.endUtcMs
  const chainEnd = chain.at(-1)?.endUtcMs ?? window.startUtcMs
  const due = question.nowMs - question.lateAfterMs
  const within = (part: Range): number => holes.reduce((sum, hole) => sum + overlapMs(hole, part), 0)
  const lateMs = chain.length ? within({ startUtcMs: chainEnd, endUtcMs: due }) : 0
  const unaccountedMs = within({ startUtcMs: chainStart, endUtcMs: chainEnd })
  const holesMs = within(window)
  return { observedMs, lateMs, lostMs, unaccountedMs, outsideMs: holesMs - lateMs - unaccountedMs }
}
