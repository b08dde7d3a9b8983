import { labelledStretches, type Run } from './labelled-runs.ts'
import { BACKGROUND } from './step-head.ts'
import type { TrainingSequence } from './training-sequence.ts'

/** A part of a labelled range that is left out as a whole: a cycle, or a range without one; `[start, end)`. */
export type CycleUnit = { readonly sequence: number; readonly start: number; readonly end: number }

/**
 * Divides every labelled range into cycles. A cycle begins where the first step of the process begins again; work
 * before the first such start belongs to the first cycle. `firstStep` defaults to the step seen first.
 */
export function cycleUnits(sequences: readonly TrainingSequence[], firstStep?: number): readonly CycleUnit[] {
  const stretches = sequences.map(({ labels }) => labelledStretches(labels))
  const first = firstStep ?? stretches.flat(2).find(run => run.classIndex !== BACKGROUND)?.classIndex
  return stretches.flatMap((ofSequence, sequence) => {
    return ofSequence.flatMap(stretch => {
      const starts = stretch.filter(run => run.classIndex === first).map(run => run.start)
      const from = stretch[0]!.start
      const edges = [from, ...starts.slice(1), stretch.at(-1)!.end]
      return edges.slice(1).map((end, index) => ({ sequence, start: edges[index]!, end }))
    })
  })
}

/**
 * Length of a cycle in steps: the median time from one start of a step to its next within a labelled range; where
 * nothing repeats, the longest labelled range is taken for a cycle.
 */
export function cycleSteps(stretches: readonly (readonly Run[])[]): number {
  const gaps = stretches.flatMap(stretch => {
    return stretch.flatMap((run, index) => {
      if (run.classIndex === BACKGROUND) return []
      const again = stretch.slice(index + 1).find(later => later.classIndex === run.classIndex)
      return again === undefined ? [] : [again.start - run.start]
    })
  })
  if (gaps.length > 0) return gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)]!
  return Math.max(...stretches.map(stretch => stretch.at(-1)!.end - stretch[0]!.start))
}
