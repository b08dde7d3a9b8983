import type { Database } from '@takt/db'
import { discoveryWork, recordDiscovered } from '@takt/db/discoveries'
import { type DiscoveryId, slotOf, type UtcMs } from '@takt/domain'
import { type DiscoveredWork, STEP_SECONDS } from '@takt/steps'
import { readSteps, type StationReader } from '@takt/timeline'
import { workerError } from '../errors.ts'
import { discoverInThread } from './discover-in-thread.ts'
import { watchedVectors } from './watched-vectors.ts'

/** What a `discover` job works with. */
export interface DiscoverContext {
  readonly db: Database
  readonly reader: StationReader
}

/** Less video than this tells nothing, s. */
const leastSeconds = 30

/**
 * Looks for cycles and steps in a window of a station's embedded video and writes down what it finds, in seconds from
 * the window's start. A cycle that a gap of the video touches is not whole: a gap is never a duration. What is done
 * stays as it is. Throws `nothing-observed`, and what reading throws.
 */
export async function discoverStation(
  { db, reader }: DiscoverContext,
  discovery: DiscoveryId,
  { signal, nowMs }: { readonly signal: AbortSignal; readonly nowMs: UtcMs },
): Promise<void> {
  const work = await discoveryWork(db, discovery)
  if (work.state !== 'queued') return
  const window = { fromSlot: slotOf(work.startMs), toSlot: slotOf(work.endMs) }
  const steps = await readSteps(reader, work, { ...window, nowMs, signal })
  const { vectors, missing } = watchedVectors(steps)
  const observedSeconds = missing.filter(gone => !gone).length * STEP_SECONDS
  if (observedSeconds < leastSeconds)
    throw workerError('nothing-observed', { discovery, station: work.station, observedSeconds })
  const found = await discoverInThread({ vectors, stepSeconds: STEP_SECONDS }, signal)
  await recordDiscovered(db, discovery, withoutGaps(found, missing))
}

/** A gap of so many slots is one between two pictures, not one of the video. */
const shortGap = 4

/** Cycles that a gap touches, as cut. */
export function withoutGaps(work: DiscoveredWork, missing: readonly boolean[]): DiscoveredWork {
  if (!work.found) return work
  const inGap = missing.map((gone, slot) => gone && runAround(missing, slot) > shortGap)
  const cycles = work.cycles.map(cycle => {
    const [from, to] = [cycle.startSeconds / STEP_SECONDS, cycle.endSeconds / STEP_SECONDS]
    return { ...cycle, whole: cycle.whole && !inGap.slice(Math.floor(from), Math.ceil(to)).includes(true) }
  })
  return { ...work, cycles }
}

/** Missing slots in a row around one of them, counted up to one more than is short. */
function runAround(missing: readonly boolean[], slot: number): number {
  let [from, to] = [slot, slot + 1]
  while (missing[from - 1] && to - from <= shortGap) from--
  while (missing[to] && to - from <= shortGap) to++
  return to - from
}
