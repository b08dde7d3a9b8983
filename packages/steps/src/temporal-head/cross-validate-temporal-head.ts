import { type CrossValidation, judgeCycles } from '../cross-validate.ts'
import { cycleUnits } from '../cycle-units.ts'
import { assignFolds, maskFold } from '../folds.ts'
import { asSequence, fitTemporalHead, type TemporalFit } from './fit-temporal-head.ts'
import { readRecording, type TemporalHead } from './temporal-head.ts'

/**
 * Scores of temporal heads on cycles that they were not fitted on; null where fewer than two cycles are labelled. Throws
 * what fitting throws: a class that is shown by one cycle alone cannot be learnt without it.
 */
export async function crossValidateTemporalHead(fit: TemporalFit): Promise<CrossValidation | null> {
  const sequences = fit.recordings.map(asSequence)
  const folds = assignFolds(sequences, cycleUnits(sequences))
  if (folds.foldCount === 0) return null
  const heads: TemporalHead[] = []
  const masked = Array.from({ length: folds.foldCount }, (_, fold) =>
    maskFold(sequences, folds, fold).map(({ labels }, index) => ({ vectors: fit.recordings[index]!.vectors, labels })),
  )
  for (const recordings of masked) heads.push(await fitTemporalHead({ ...fit, recordings }))
  return judgeCycles({
    sequences,
    folds,
    classes: fit.classes,
    intervalsOf: async unit => {
      const fold = folds.foldOf({ sequence: unit.sequence, step: unit.start })
      return readRecording({ head: heads[fold]!, ...masked[fold]![unit.sequence]! })
    },
  })
}
