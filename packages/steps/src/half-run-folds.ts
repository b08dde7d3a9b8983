import type { FoldAssignment } from './folds.ts'
import { labelledStretches } from './labelled-runs.ts'
import type { TrainingSequence } from './training-sequence.ts'

/**
 * Two folds for the scorer where cycles are too few to hold one out: the first and the second half of every labelled
 * run. Halves of one occurrence resemble each other more than two cycles do, so what they say about confidence is
 * hopeful; it still knows the scale of the features, which a fixed temperature would not. Sequences beyond those given are never left out.
 */
export function halfRunFolds(sequences: readonly TrainingSequence[]): FoldAssignment {
  const runsBySequence = sequences.map(({ labels }) => labelledStretches(labels).flat())
  return {
    foldCount: 2,
    foldOf: ({ sequence, step }) => {
      const run = runsBySequence[sequence]?.find(({ start, end }) => start <= step && step < end)
      if (run === undefined) return -1
      return step < (run.start + run.end) / 2 ? 0 : 1
    },
  }
}
