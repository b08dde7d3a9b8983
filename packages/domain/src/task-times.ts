import { type DecodedInterval, seenMs } from './interval.ts'

/** What a task of a cycle took, all its parts together: an interrupted or repeated one has several. */
export interface TaskTime {
  readonly step: string
  /** As `CycleTime.workMs` counts it: the tasks of a cycle add up to the cycle's. */
  readonly workMs: number
  /** `null` where a part was not measured: censored, or of weak evidence. */
  readonly durationMs: number | null
  readonly durationSdMs: number | null
  readonly parts: number
}

type Part = Pick<DecodedInterval, 'step' | 'startUtcMs' | 'endUtcMs' | 'durationMs'> & {
  readonly durationSdMs: number | null
}

/** The tasks of a cycle's intervals, in the order in which they first occurred. */
export function taskTimes(intervals: readonly Part[]): readonly TaskTime[] {
  return [...Map.groupBy(intervals, interval => interval.step)].map(([step, parts]) => {
    const workMs = parts.reduce((sum, part) => sum + seenMs(part), 0)
    const isMeasured = parts.every(part => part.durationMs !== null)
    return {
      step,
      workMs,
      durationMs: isMeasured ? workMs : null,
      durationSdMs: isMeasured ? Math.hypot(...parts.map(part => part.durationSdMs ?? 0)) : null,
      parts: parts.length,
    }
  })
}
