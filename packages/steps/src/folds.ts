import type { CycleUnit } from './cycle-units.ts'
import { UNKNOWN } from './labelled-runs.ts'
import type { Sample } from './training-samples.ts'
import type { TrainingSequence } from './training-sequence.ts'

/** Cycles dealt to folds; a head is judged on each fold by a fit that did not see it. */
export type Folds = {
  readonly units: readonly CycleUnit[]
  /** 0 where there are too few cycles to hold one out. */
  readonly foldCount: number
  /** Fold of a labelled step. */
  readonly foldOf: (place: Pick<Sample, 'sequence' | 'step'>) => number
}

const FEWEST_UNITS = 3
const MOST_FOLDS = 5

/** Leave-one-cycle-out up to five cycles; beyond that neighbouring cycles share a fold. */
export function assignFolds(units: readonly CycleUnit[]): Folds {
  if (units.length < FEWEST_UNITS) return { units, foldCount: 0, foldOf: () => -1 }
  const foldCount = Math.min(MOST_FOLDS, units.length)
  const foldOf: Folds['foldOf'] = ({ sequence, step }) => {
    const index = units.findIndex(unit => unit.sequence === sequence && unit.start <= step && step < unit.end)
    return index < 0 ? -1 : Math.floor((index * foldCount) / units.length)
  }
  return { units, foldCount, foldOf }
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
