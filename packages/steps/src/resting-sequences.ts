import type { CycleUnit } from './cycle-units.ts'
import type { FoldAssignment } from './folds.ts'
import { UNKNOWN } from './labelled-runs.ts'
import { BACKGROUND } from './step-head.ts'
import type { TimeStep } from './time-step.ts'
import type { TrainingSequence } from './training-sequence.ts'

/** A made-up station at rest, and the cycle whose background it is made of. */
export type RestingSequence = { readonly unit: CycleUnit; readonly sequence: TrainingSequence }

/** Half-lives of rest after which the moments have forgotten work; longer ones than a few minutes never do. */
const FORGETTING = { halfLives: 3, mostSteps: 1000 } as const

/** Fewer background steps than this say too little about their own moments. */
const FEWEST_STEPS = 8

/**
 * What a station at rest for long looks like to the scorer. Once the running moments know nothing but the background,
 * it lies at the origin, where no labelled cycle ever shows it; unlearnt, its noise would pass for work all night. Each
 * cycle's background steps are repeated until the moments have forgotten work, then once more with their label.
 */
export function restingSequences(
  sequences: readonly TrainingSequence[],
  units: readonly CycleUnit[],
  halfLifeSteps: number,
): readonly RestingSequence[] {
  return units.flatMap(unit => {
    const background = backgroundSteps(sequences[unit.sequence]!, unit)
    if (background.length < FEWEST_STEPS) return []
    const restSteps = Math.min(FORGETTING.mostSteps, FORGETTING.halfLives * halfLifeSteps)
    const rounds = 1 + Math.ceil(restSteps / background.length)
    const steps = Array.from({ length: rounds }, () => background).flat()
    const labels = new Int16Array(steps.length).fill(UNKNOWN)
    labels.fill(BACKGROUND, steps.length - background.length)
    return [{ unit, sequence: { steps, labels } }]
  })
}

function backgroundSteps({ steps, labels }: TrainingSequence, { start, end }: CycleUnit): readonly TimeStep[] {
  return steps.slice(start, end).filter((step, at) => step.kind === 'observed' && labels[start + at] === BACKGROUND)
}

/** Folds over sequences followed by resting ones: a resting sequence is left out with its cycle. */
export function foldsWithResting(
  { foldCount, foldOf }: FoldAssignment,
  sequenceCount: number,
  resting: readonly RestingSequence[],
): FoldAssignment {
  return {
    foldCount,
    foldOf: place => {
      const unit = resting[place.sequence - sequenceCount]?.unit
      return unit === undefined ? foldOf(place) : foldOf({ sequence: unit.sequence, step: unit.start })
    },
  }
}
