import { featureRows, rowCount } from '../temporal-head/feature-rows.ts'
import type { StartEvidence } from './cycle-start.ts'
import { type CycleEvidence, discoverCycles, type FoundCycle, type NoCycles } from './discover-cycles.ts'
import { NO_STEP, stepsOfBins } from './discover-steps.ts'
import { poolRows } from './pool-rows.ts'

/** A stretch of a discovered step, seconds of the recording; steps count from 1 in the order of work. */
export type DiscoveredInterval = { readonly step: number; readonly startSeconds: number; readonly endSeconds: number }

/** A run of the work and the steps in it. */
export type DiscoveredCycle = {
  readonly startSeconds: number
  readonly endSeconds: number
  /** False where the recording cuts it. */
  readonly whole: boolean
  /** How much of it the other cycles foretell, beside the median cycle: 0 to 1. */
  readonly certainty: number
  readonly steps: readonly DiscoveredInterval[]
}

export type DiscoveredWork =
  | NoCycles
  | {
      readonly found: true
      /** Of a cycle at the mean tempo. */
      readonly periodSeconds: number
      /** Why a cycle begins where it does. */
      readonly startBecause: StartEvidence
      readonly stepCount: number
      readonly cycles: readonly DiscoveredCycle[]
      readonly evidence: CycleEvidence
    }

export type DiscoveryRequest = {
  /** One vector a time step. */
  readonly vectors: readonly Float32Array[]
  readonly stepSeconds: number
  readonly signal?: AbortSignal | undefined
}

/** Discovery looks at this many rows a second, or at as many as there are. */
const ROWS_PER_SECOND = 4

/**
 * Cycles and steps of a recording without any label: the length of cycle that lets cycles foretell one another best,
 * where it starts, and the pieces that the mean cycle falls into. Throws `dimension_mismatch`, `non_finite_features`, and
 * the signal's reason when aborted.
 */
export async function discoverWork({ vectors, stepSeconds, signal }: DiscoveryRequest): Promise<DiscoveredWork> {
  const pooling = Math.max(1, Math.round(1 / stepSeconds / ROWS_PER_SECOND))
  const features = poolRows(featureRows(vectors), pooling)
  const rowSeconds = stepSeconds * pooling
  const work = await discoverCycles(features, { rowSeconds, signal })
  if (!work.found) return work
  const { fitted, start, evidence } = work
  const stepOfBin = stepsOfBins(fitted.template, { start, rowSeconds })
  const steps = fitted.path.bins.map(bin => stepOfBin[bin]!)
  const periodSeconds = rowCount(fitted.template) * rowSeconds
  const cycles = work.cycles.map(cycle => inSeconds(cycle, steps, rowSeconds))
  return {
    found: true,
    periodSeconds,
    startBecause: start.because,
    stepCount: Math.max(...stepOfBin),
    cycles,
    evidence,
  }
}

function inSeconds(cycle: FoundCycle, steps: ArrayLike<number>, rowSeconds: number): DiscoveredCycle {
  const { start, end, whole, certainty } = cycle
  const intervals: DiscoveredInterval[] = []
  for (let from = start, to = start; from < end; from = to) {
    while (to < end && steps[to] === steps[from]) to++
    if (steps[from] === NO_STEP) continue
    intervals.push({ step: steps[from]!, startSeconds: from * rowSeconds, endSeconds: to * rowSeconds })
  }
  return { startSeconds: start * rowSeconds, endSeconds: end * rowSeconds, whole, certainty, steps: intervals }
}
