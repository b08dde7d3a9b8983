import type { CameraId, CoverageEntry, LossReason, Placement } from '@takt/domain'
import type { Outage } from './keep-item.ts'
import { explainHole } from './outages.ts'

/** A link as it is written: which segment an observed one belongs to is known once that has its row. */
export type PlannedLink = Omit<CoverageEntry, 'segment'>

export interface CoverageQuestion {
  readonly camera: CameraId
  /** Where the chain ends; `null` before it began. */
  readonly coveredUntilMs: number | null
  /** Starts at the chain's end or later. */
  readonly placement: Pick<Placement, 'startUtcMs' | 'endUtcMs'>
  readonly outages: readonly Outage[]
}

/** The links that a kept segment adds: the hole before it, explained, and itself. */
export const planObserved = (question: CoverageQuestion): readonly PlannedLink[] => [
  ...holeBefore(question),
  { camera: question.camera, ...ends(question), state: 'observed', reason: null },
]

/** The links that a segment adds whose time is known and whose video is lost. */
export const planSpoilt = (question: CoverageQuestion, reason: LossReason): readonly PlannedLink[] => [
  ...holeBefore(question),
  { camera: question.camera, ...ends(question), state: 'lost', reason },
]

/** The links that write off the time up to `untilMs`; a camera that never showed anything has lost nothing. */
export function planLost(
  question: Omit<CoverageQuestion, 'placement'> & { readonly untilMs: number },
): readonly PlannedLink[] {
  const { camera, coveredUntilMs, outages } = question
  const untilMs = Math.floor(question.untilMs)
  if (coveredUntilMs === null || untilMs <= coveredUntilMs) return []
  return explainHole(camera, { startUtcMs: coveredUntilMs, endUtcMs: untilMs }, outages)
}

const ends = ({ placement }: CoverageQuestion) => ({
  startUtcMs: placement.startUtcMs,
  endUtcMs: placement.endUtcMs,
})

const holeBefore = ({ camera, coveredUntilMs, placement, outages }: CoverageQuestion): readonly CoverageEntry[] =>
  coveredUntilMs === null
    ? []
    : explainHole(camera, { startUtcMs: coveredUntilMs, endUtcMs: placement.startUtcMs }, outages)
