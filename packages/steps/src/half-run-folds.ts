import type { Folds } from './folds.ts'
import type { Run } from './labelled-runs.ts'

/**
 * Two folds for the scorer where cycles are too few to hold one out: the first and the second half of every labelled
 * run. Halves of one occurrence resemble each other more than two cycles do, so what they say about confidence is
 * hopeful; it still knows the scale of the features, which a fixed temperature would not.
 */
export function halfRunFolds(runsBySequence: readonly (readonly Run[])[]): Pick<Folds, 'foldCount' | 'foldOf'> {
  return {
    foldCount: 2,
    foldOf: ({ sequence, step }) => {
      const run = runsBySequence[sequence]!.find(({ start, end }) => start <= step && step < end)
      if (run === undefined) return -1
      return step < (run.start + run.end) / 2 ? 0 : 1
    },
  }
}
