import type { ClockDiagnosis, Placement, UtcMs } from '@takt/domain'

export interface SupersededQuestion {
  /** Where the camera's chain ends, and where the segment's own session last put it. */
  readonly coveredUntilMs: UtcMs | null
  readonly sessionEndMs: UtcMs | null
  readonly placement: Pick<Placement, 'startUtcMs' | 'endUtcMs'>
  readonly diagnosis: Pick<ClockDiagnosis, 'residualMs'>
  readonly nowMs: UtcMs
}

/** A chain that ends further ahead than this, ms, was written before the host's clock was set back. */
const clockSetBackMs = 5000

/**
 * Whether the chain already speaks for most of a segment's time by another's word: a second ingest on the camera, or one
 * that stood in while this one was away. Such a segment could only be placed later than it was. Where the chain ends
 * in the future nobody else has seen that time, and the segment goes on from there.
 */
export function isSuperseded({
  coveredUntilMs,
  sessionEndMs,
  placement,
  diagnosis,
  nowMs,
}: SupersededQuestion): boolean {
  if (coveredUntilMs === null || coveredUntilMs === sessionEndMs) return false
  if (coveredUntilMs > nowMs + clockSetBackMs) return false
  return -diagnosis.residualMs >= (placement.endUtcMs - placement.startUtcMs) / 2
}
