import type {
  Censoring,
  CycleId,
  DurationSource,
  Evidence,
  IntervalId,
  IntervalMotion,
  ReleaseId,
  RunId,
  StationId,
  StepId,
  UtcMs,
} from '@takt/domain'

/** A row of `interval_current`. */
export interface IntervalRow {
  readonly id: IntervalId
  readonly anchorAt: UtcMs
  readonly stationId: StationId
  readonly runId: RunId
  readonly ordinal: number
  readonly releaseId: ReleaseId
  readonly stepId: StepId
  readonly cycleId: CycleId | null
  readonly startsAt: UtcMs
  readonly endsAt: UtcMs
  readonly durationMs: number | null
  readonly durationSource: DurationSource | null
  readonly durationSdMs: number | null
  readonly startSdMs: number
  readonly endSdMs: number
  readonly absoluteErrorMs: number
  readonly confidence: number
  readonly censored: Censoring
  readonly evidence: Evidence
  /** Left out or null where its motions are not told apart. */
  readonly motions?: readonly IntervalMotion[] | null | undefined
  readonly author: 'machine' | 'person'
  readonly revision: number
}

/** A row of `cycle_current`. */
export interface CycleRow {
  readonly id: CycleId
  readonly anchorAt: UtcMs
  readonly stationId: StationId
  readonly runId: RunId
  readonly ordinal: number
  readonly releaseId: ReleaseId
  readonly startsAt: UtcMs
  readonly endsAt: UtcMs
  readonly durationMs: number | null
  readonly durationSdMs: number | null
  readonly censored: Censoring
  /** What its time went to; null where it was recorded before that was told apart. */
  readonly workMs: number | null
  readonly idleMs: number | null
  readonly idleAfterMs: number | null
  readonly unseenMs: number | null
  readonly missing: readonly string[]
  readonly repeated: readonly string[]
  readonly interrupted: readonly string[]
  readonly extra: readonly string[]
  readonly misplaced: readonly string[]
  readonly outOfOrder: boolean
  readonly revision: number
}

export type TimingRow =
  | { readonly entity: 'interval'; readonly row: IntervalRow }
  | { readonly entity: 'cycle'; readonly row: CycleRow }
