import type {
  Censoring,
  CycleId,
  DurationSource,
  IntervalId,
  ReleaseId,
  RunId,
  StationId,
  StepId,
  UtcMs,
} from '@takt/domain'

/** An interval as it is published. */
export interface IntervalRow {
  readonly id: IntervalId
  readonly anchorAt: UtcMs
  readonly stationId: StationId
  readonly runId: RunId
  readonly ordinal: number
  readonly releaseId: ReleaseId
  readonly stepId: StepId
  readonly step: string
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
  readonly author: 'machine' | 'person'
  readonly revision: number
}

/** A cycle as it is published. */
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
  readonly missing: readonly string[]
  readonly repeated: readonly string[]
  readonly outOfOrder: boolean
  readonly jobOrderId: string | null
  readonly serial: string | null
  readonly revision: number
}

export type TimingRow =
  | { readonly entity: 'interval'; readonly row: IntervalRow }
  | { readonly entity: 'cycle'; readonly row: CycleRow }

const instant = (ms: UtcMs): string => new Date(ms).toISOString()

/** The row as JSON with RFC 3339 times: what revisions keep and feeds show. */
export const publishedBody = <Row extends { anchorAt: UtcMs; startsAt: UtcMs; endsAt: UtcMs }>({
  anchorAt,
  startsAt,
  endsAt,
  ...rest
}: Row) => ({ ...rest, anchorAt: instant(anchorAt), startsAt: instant(startsAt), endsAt: instant(endsAt) })
