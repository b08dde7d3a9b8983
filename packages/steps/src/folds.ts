import type { CycleUnit } from './cycle-units.ts'
import { UNKNOWN } from './labelled-runs.ts'
import { BACKGROUND } from './step-head.ts'
import type { Sample } from './training-samples.ts'
import type { TrainingSequence } from './training-sequence.ts'

/** Which labelled steps are left out together; a fit is judged on each fold after learning from the others. */
export type FoldAssignment = {
  /** 0 where there are too few cycles to hold one out. */
  readonly foldCount: number
  /** Fold of a labelled step; −1 where it is never left out. */
  readonly foldOf: (place: Pick<Sample, 'sequence' | 'step'>) => number
}

/** Cycles dealt to folds. */
export type Folds = FoldAssignment & { readonly units: readonly CycleUnit[] }

const FEWEST_UNITS = 2
const MOST_FOLDS = 5

/** Of the steps, so many must occur in more than one cycle, or the others say too little about one held out. */
const LEAST_REPEATED = 0.5

/** Leave-one-cycle-out up to five cycles; beyond that neighbouring cycles share a fold. */
export function assignFolds(sequences: readonly TrainingSequence[], units: readonly CycleUnit[]): Folds {
  if (units.length < FEWEST_UNITS || repeatedShare(sequences, units) < LEAST_REPEATED)
    return { units, foldCount: 0, foldOf: () => -1 }
  const foldCount = Math.min(MOST_FOLDS, units.length)
  const foldOf: Folds['foldOf'] = ({ sequence, step }) => {
    const index = units.findIndex(unit => unit.sequence === sequence && unit.start <= step && step < unit.end)
    return index < 0 ? -1 : Math.floor((index * foldCount) / units.length)
  }
  return { units, foldCount, foldOf }
}

function repeatedShare(sequences: readonly TrainingSequence[], units: readonly CycleUnit[]): number {
  const occurrences = units.flatMap(({ sequence, start, end }) => {
    return [...new Set(sequences[sequence]!.labels.subarray(start, end))].filter(label => label > BACKGROUND)
  })
  const ofSteps = [...Map.groupBy(occurrences, label => label).values()]
  return ofSteps.filter(list => list.length > 1).length / ofSteps.length
}

/** The sequences with the labels of one fold made unknown. */
export function maskFold(
  sequences: readonly TrainingSequence[],
  { units, foldOf }: Folds,
  fold: number,
): readonly TrainingSequence[] {
  return sequences.map(({ steps, labels }, sequence) => {
    const masked = labels.slice()
    for (const unit of units) {
      if (unit.sequence === sequence && foldOf({ sequence, step: unit.start }) === fold) {
        masked.fill(UNKNOWN, unit.start, unit.end)
      }
    }
    return { steps, labels: masked }
  })
}
