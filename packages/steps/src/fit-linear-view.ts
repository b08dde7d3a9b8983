import { cycleSteps } from './cycle-units.ts'
import { StepsError } from './errors.ts'
import type { ResolvedOptions } from './fit-options.ts'
import { type FittedScorer, fitScorer } from './fit-scorer.ts'
import type { Folds } from './folds.ts'
import { halfRunFolds } from './half-run-folds.ts'
import { labelledStretches } from './labelled-runs.ts'
import { trainingMoments } from './moments.ts'
import type { Normaliser } from './normalise.ts'
import { foldsWithResting, type RestingSequence, restingSequences } from './resting-sequences.ts'
import { BACKGROUND } from './step-head.ts'
import { featuresOf, STEP_SECONDS } from './time-step.ts'
import { type TrainingSamples, trainingSamples } from './training-samples.ts'
import type { TrainingSequence } from './training-sequence.ts'

/** Half-lives of the running normalisation that are tried, as shares of a labelled cycle, and their bounds. */
const HALF_LIFE_CYCLES = [1 / 8, 1 / 4, 1 / 2] as const
const HALF_LIFE_SECONDS = { least: 3, most: 60 } as const
const VARIANCE_FLOOR = 0.1
/** Made-up rest counts little beside what was seen: enough to know a station at rest, too little to move a border. */
const RESTING_IMPORTANCE = 0.1

/** What one view is fitted from. */
export type ViewFit = {
  readonly sequences: readonly TrainingSequence[]
  readonly viewId: string
  readonly classes: readonly string[]
  readonly folds: Folds
  readonly options: ResolvedOptions
  readonly signal: AbortSignal | undefined
}

/** A view's linear scorer, and what it was fitted on. */
export type FittedLinearView = FittedScorer & {
  readonly normaliser: Normaliser
  readonly training: TrainingSamples
  readonly resting: readonly RestingSequence[]
}

/** The scorer of the half-life that scores held-out steps best. Throws `view_missing`, `class_without_example`. */
export async function fitLinearView(view: ViewFit, progress: (share: number) => void): Promise<FittedLinearView> {
  const { sequences, options } = view
  const stretches = sequences.flatMap(({ labels }) => labelledStretches(labels))
  const halfLives = options.halfLifeSteps ? [options.halfLifeSteps] : halfLivesOf(cycleSteps(stretches))
  let best: FittedLinearView | undefined
  for (const [tried, halfLifeSteps] of halfLives.entries()) {
    progress(tried / halfLives.length)
    const next = await fitUnder(halfLifeSteps, view)
    if (best === undefined || next.heldOutLoss < best.heldOutLoss) best = next
  }
  return best!
}

async function fitUnder(halfLifeSteps: number, view: ViewFit): Promise<FittedLinearView> {
  const { sequences, viewId, classes, folds, options, signal } = view
  const normaliser = normaliserFor(sequences, viewId, halfLifeSteps)
  const resting = restingSequences(sequences, folds.units, halfLifeSteps)
  const training = await trainingSamples([...sequences, ...resting.map(({ sequence }) => sequence)], {
    viewId,
    normaliser,
    lookAheadSteps: options.lookAheadSteps,
    most: options.mostSamples,
    signal,
  })
  refuseUnseen(viewId, training.samples, classes)
  const fitted = await fitScorer({
    viewId,
    normaliser,
    training,
    classCount: classes.length,
    folds: folds.foldCount > 0 ? foldsWithResting(folds, sequences.length, resting) : halfRunFolds(sequences),
    importanceOf: ({ sequence }) => (sequence < sequences.length ? 1 : RESTING_IMPORTANCE),
    signal,
  })
  return { ...fitted, normaliser, training, resting }
}

/** Shares of a cycle, within bounds: shorter would cancel the work itself, longer would keep the drift of the light. */
function halfLivesOf(steps: number): readonly number[] {
  const { least, most } = HALF_LIFE_SECONDS
  const seconds = HALF_LIFE_CYCLES.map(share => Math.min(most, Math.max(least, share * steps * STEP_SECONDS)))
  return [...new Set(seconds)].map(s => s / STEP_SECONDS)
}

/** Starts every station at the training set's moments, which count as half of what the running ones come to count. */
export function normaliserFor(
  sequences: readonly TrainingSequence[],
  viewId: string,
  halfLifeSteps: number,
): Normaliser {
  const vectors = sequences.flatMap(({ steps }) => {
    return steps.map(step => featuresOf(step, viewId)).filter(x => x !== undefined)
  })
  const { mean, variance } = trainingMoments(viewId, vectors)
  const priorWeight = 0.5 / (1 - 2 ** (-1 / halfLifeSteps))
  return {
    halfLifeSteps,
    priorWeight,
    varianceFloor: VARIANCE_FLOOR,
    priorMean: mean,
    priorDeviation: variance.map(Math.sqrt),
  }
}

function refuseUnseen(
  viewId: string,
  samples: readonly { readonly label: number }[],
  classes: readonly string[],
): void {
  if (samples.length === 0) throw new StepsError('view_missing', { viewId })
  const seen = new Set(samples.map(sample => sample.label))
  const unseen = classes.findIndex((_, classIndex) => classIndex !== BACKGROUND && !seen.has(classIndex))
  if (unseen >= 0) throw new StepsError('class_without_example', { class: classes[unseen], viewId })
}
