import { stepMs, type UtcMs } from './grid.ts'
import type { EncoderId, HeadId, ReleaseId, StationId } from './identifiers.ts'
import type { DecodedInterval } from './interval.ts'
import { slotOf } from './timeline.ts'

/** What decodes a station from an instant on. Releases are only ever added. */
export interface Release {
  readonly id: ReleaseId
  readonly station: StationId
  readonly encoder: EncoderId
  readonly head: HeadId
  readonly effectiveFromMs: UtcMs
}

/** The release in force at an instant: the latest instant wins, and of equal ones the last added. */
export function releaseInForce<R extends Pick<Release, 'effectiveFromMs'>>(
  releases: readonly R[],
  atMs: UtcMs,
): R | null {
  let inForce: R | null = null
  for (const release of releases) {
    if (release.effectiveFromMs > atMs) continue
    if (!inForce || release.effectiveFromMs >= inForce.effectiveFromMs) inForce = release
  }
  return inForce
}

/** A station that starts no cycle for so long switches in mid-cycle, ms of decoded time. */
export const switchWaitsAtMostMs = 15 * 60_000

/** Warm-up before a switch where a station's cycle time is not known yet, ms. */
const defaultWarmUpMs = 60_000

export interface Switch {
  /** First slot of the new run; the old run's batch ends here. */
  readonly fromSlot: number
  /** Where the new run starts to read, one cycle earlier, so that its normalisation has settled by `fromSlot`. */
  readonly warmUpFromSlot: number
  /** The final intervals that the old run keeps: those that start before `fromSlot`. */
  readonly keep: readonly DecodedInterval[]
  readonly because: 'cycle-start' | 'waited-too-long'
}

/** Whether a batch is where the next release takes over: the first cycle start at or after its instant, or a bound on waiting. */
export function planSwitch(at: {
  readonly current: Pick<Release, 'id'>
  readonly next: Pick<Release, 'id' | 'effectiveFromMs'> | null
  readonly finals: readonly DecodedInterval[]
  readonly opensCycle: (step: string) => boolean
  readonly decodedThroughMs: UtcMs
  /** Decoded time since the next release's instant, ms. */
  readonly waitedMs: number
  readonly cycleMs?: number | null
}): Switch | null {
  const { next, finals } = at
  if (!next || next.id === at.current.id || at.decodedThroughMs < next.effectiveFromMs) return null
  const opening = finals.find(interval => at.opensCycle(interval.step) && interval.startUtcMs >= next.effectiveFromMs)
  if (!opening && at.waitedMs <= switchWaitsAtMostMs) return null
  const fromSlot = opening ? opening.startSlot : slotOf(at.decodedThroughMs)
  return {
    fromSlot,
    warmUpFromSlot: fromSlot - Math.ceil((at.cycleMs ?? defaultWarmUpMs) / stepMs),
    keep: finals.filter(interval => interval.startSlot < fromSlot),
    because: opening ? 'cycle-start' : 'waited-too-long',
  }
}
