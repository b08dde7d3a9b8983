/**
 * The part of an interval that a motion took, in milliseconds after the interval's start on the clock of its duration:
 * `0 ≤ startMs ≤ endMs ≤ durationMs`. An interval's motions are in order and do not overlap, so that with their rest
 * they add up to its duration.
 */
export interface IntervalMotion {
  /** Name of the motion. */
  readonly step: string
  readonly startMs: number
  readonly endMs: number
  readonly startSdMs: number
  readonly endSdMs: number
  /** Posterior probability of the motion over its part, 0 … 1. */
  readonly confidence: number
}

/** Motions that were found by UTC, `spanMs` from end to end, in an interval of this duration. */
export function timeMotions(
  motions: readonly IntervalMotion[],
  { spanMs, durationMs }: { readonly spanMs: number; readonly durationMs: number },
): readonly IntervalMotion[] {
  const place = (ms: number): number => Math.min(durationMs, Math.max(0, (ms * durationMs) / spanMs))
  return motions.map(motion => ({ ...motion, startMs: place(motion.startMs), endMs: place(motion.endMs) }))
}

/** Whether the same motions took the same time. */
export function sameMotions(
  a: readonly IntervalMotion[] | null | undefined,
  b: readonly IntervalMotion[] | null | undefined,
): boolean {
  const times = (motions: typeof a) => motions?.map(({ step, startMs, endMs }) => [step, startMs, endMs])
  return JSON.stringify(times(a)) === JSON.stringify(times(b))
}
