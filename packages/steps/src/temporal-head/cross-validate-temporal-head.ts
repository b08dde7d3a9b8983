import { type CrossValidation, judgeCycles } from '../cross-validate.ts'
import { type CycleUnit, cycleUnits } from '../cycle-units.ts'
import { assignFolds, maskFold } from '../folds.ts'
import { BACKGROUND } from '../step-head.ts'
import type { TrainingSequence } from '../training-sequence.ts'
import { asSequence, checkFit, fitChecked, type TemporalFit } from './fit-temporal-head.ts'
import { readRecording, type TemporalHead } from './temporal-head.ts'

/**
 * Scores of temporal heads on cycles that they were not fitted on. Null where some step is labelled in one cycle alone:
 * without it there is nothing to learn, and with it nothing to hold out. Throws what fitting throws.
 */
export async function crossValidateTemporalHead(fit: TemporalFit): Promise<CrossValidation | null> {
  checkFit(fit)
  const sequences = fit.recordings.map(asSequence)
  const folds = assignFolds(sequences, cycleUnits(sequences))
  if (folds.foldCount === 0 || !everyStepRepeats(sequences, folds.units)) return null
  const heads: TemporalHead[] = []
  const masked = Array.from({ length: folds.foldCount }, (_, fold) =>
    maskFold(sequences, folds, fold).map(({ labels }, index) => ({ vectors: fit.recordings[index]!.vectors, labels })),
  )
  for (const recordings of masked) heads.push(await fitChecked({ ...fit, recordings }))
  const { crossValidation } = await judgeCycles({
    sequences,
    folds,
    classes: fit.classes,
    intervalsOf: async unit => {
      const fold = folds.foldOf({ sequence: unit.sequence, step: unit.start })
      return readRecording({ head: heads[fold]!, ...masked[fold]![unit.sequence]! })
    },
  })
  return crossValidation
}

function everyStepRepeats(sequences: readonly TrainingSequence[], units: readonly CycleUnit[]): boolean {
  const cyclesOf = new Map<number, number>()
  for (const { sequence, start, end } of units) {
    const shown = new Set(sequences[sequence]!.labels.subarray(start, end))
    for (const label of shown) cyclesOf.set(label, (cyclesOf.get(label) ?? 0) + 1)
  }
  return [...cyclesOf].every(([label, cycles]) => label <= BACKGROUND || cycles > 1)
}
