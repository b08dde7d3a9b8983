import { type DriftKind, driftKinds } from './measure-drift.ts'

/** A measured window in a view's series. Times are UTC, ms. */
export interface DriftPoint {
  readonly startMs: number
  readonly endMs: number
  readonly kind: DriftKind | null
}

/** What a view's drift asks for: a view that looks elsewhere is to be revised, not adapted to. */
export type DriftAction = 'adapt' | 'revise-view'

/** How a view stands: drifting where its newest window is, and what is due once that has lasted. */
export interface DriftStanding {
  readonly kind: DriftKind | null
  /** Start of the first drifted window of those looked back on. */
  readonly sinceMs: number | null
  readonly due: DriftAction | null
}

/** So long drift has to last before something is due. */
export const sustainedMs = 10 * 60_000

/** Of the windows of that time, so many have to be measured, and of those so many drifted: one calm minute resets nothing. */
const leastMeasured = 0.5
const leastDrifted = 0.8

/** How a view stands by its series under one release, in order of time. Pure: the series is all the state there is. */
export function standingOf(series: readonly DriftPoint[]): DriftStanding {
  const newest = series.at(-1)
  if (!newest) return { kind: null, sinceMs: null, due: null }
  const lookedAt = series.filter(point => point.startMs >= newest.endMs - sustainedMs)
  const drifted = lookedAt.filter(point => point.kind !== null)
  const kind = newest.kind && mostFrequent(drifted)
  const sinceMs = newest.kind && drifted[0]!.startMs
  const measuredMs = lookedAt.reduce((sum, point) => sum + point.endMs - point.startMs, 0)
  const isSustained = measuredMs >= leastMeasured * sustainedMs && drifted.length >= leastDrifted * lookedAt.length
  // Long enough only where the series reaches back that far.
  const isLongEnough = isSustained && series[0]!.startMs <= newest.endMs - sustainedMs
  return { kind, sinceMs, due: kind && isLongEnough ? (kind === 'camera' ? 'revise-view' : 'adapt') : null }
}

function mostFrequent(points: readonly DriftPoint[]): DriftKind {
  const count = (kind: DriftKind) => points.filter(point => point.kind === kind).length
  return driftKinds.reduce((most, kind) => (count(kind) > count(most) ? kind : most))
}
