import type { Run } from '../labelled-runs.ts'
import { BACKGROUND } from '../step-head.ts'

/**
 * Length of a cycle in time steps: the longest of the steps' median times from one start to the next, where every step
 * comes again or that time fills half a labelled range. Otherwise the longest range is taken for a cycle: a step done
 * twice within one must not pass for its length.
 */
export function cycleLength(stretches: readonly (readonly Run[])[]): number {
  const longestStretch = Math.max(...stretches.map(stretch => stretch.at(-1)!.end - stretch[0]!.start))
  const steps = new Set(stretches.flat().map(({ classIndex }) => classIndex))
  steps.delete(BACKGROUND)
  const gaps = [...steps].map(step => medianGap(stretches, step))
  const longestGap = Math.max(...gaps.filter(gap => gap !== null), 0)
  const everyStepRepeats = gaps.every(gap => gap !== null)
  return everyStepRepeats || 2 * longestGap >= longestStretch ? longestGap : longestStretch
}

/** Median time from one start of a step to its next within a labelled range; null where it comes once. */
function medianGap(stretches: readonly (readonly Run[])[], step: number): number | null {
  const gaps = stretches.flatMap(stretch => {
    const starts = stretch.filter(({ classIndex }) => classIndex === step).map(({ start }) => start)
    return starts.slice(1).map((start, index) => start - starts[index]!)
  })
  return gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? null
}
