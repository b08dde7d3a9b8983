import { type CrossValidation, crossValidate, type Judged } from './cross-validate.ts'
import { cycleSteps, cycleUnits } from './cycle-units.ts'
import { learnDurations } from './durations.ts'
import { StepsError } from './errors.ts'
import { fitCalibration } from './fit-calibration.ts'
import { type FittedScorer, fitScorer } from './fit-scorer.ts'
import { assignFolds, type Folds, maskFold } from './folds.ts'
import { halfRunFolds } from './half-run-folds.ts'
import type { HeldOutInterval } from './held-out-interval.ts'
import { labelledStretches } from './labelled-runs.ts'
import { trainingMoments } from './moments.ts'
import type { Normaliser } from './normalise.ts'
import { foldsWithResting, restingSequences } from './resting-sequences.ts'
import { assembleHead, BACKGROUND, type HeadParts, type StepHead } from './step-head.ts'
import { featuresOf, STEP_SECONDS } from './time-step.ts'
import { trainingSamples } from './training-samples.ts'
import { checkTraining, forgetMissing, type TrainingSequence, viewsOf } from './training-sequence.ts'
import { learnTransitions } from './transitions.ts'

/** Choices of a fit; every one has a default. */
export type FitOptions = {
  /** Class indices in process order, where the process prescribes one. */
  readonly processOrder?: readonly number[]
  /** Default 16 steps, 4 s. */
  readonly lookAheadSteps?: number
  /** Default 20 steps, 5 s. */
  readonly lagSteps?: number
  /** Half-life of the running normalisation; by default the share of a cycle that scores held-out steps best. */
  readonly halfLifeSteps?: number
  /** Exponent of a step's evidence, in (0, 1]; chosen by cross-validation where cycles suffice, else 0.4. */
  readonly evidenceWeight?: number
  /** Most labelled steps a view learns from; the time of a fit grows with its square. */
  readonly mostSamples?: number
}

export type FitRequest = {
  readonly sequences: readonly TrainingSequence[]
  /** Names by class index; index 0 is the background. */
  readonly classes: readonly string[]
  readonly options?: FitOptions
  readonly signal?: AbortSignal
  readonly progress?: (done: FitProgress) => void
}

export type FitProgress = { readonly stage: 'scorer' | 'crossValidation'; readonly share: number }

/** A head, and its scores on cycles it was not fitted on; null where fewer than two cycles are labelled. */
export type FittedHead = {
  readonly head: StepHead
  readonly crossValidation: CrossValidation | null
  /** What was timed in cycles held out: the head's ± is calibrated on it. Empty where none could be. */
  readonly heldOut: readonly HeldOutInterval[]
}

const DEFAULTS = { lookAheadSteps: 16, lagSteps: 20, mostSamples: 3000 } as const
/** Half-lives of the running normalisation that are tried, as shares of a labelled cycle, and their bounds. */
const HALF_LIFE_CYCLES = [1 / 8, 1 / 4, 1 / 2] as const
const HALF_LIFE_SECONDS = { least: 3, most: 60 } as const
/** A final interval is known within ten seconds of its end. */
const MOST_LAG_STEPS = 40
const VARIANCE_FLOOR = 0.1
/** Made-up rest counts little beside what was seen: enough to know a station at rest, too little to move a border. */
const RESTING_IMPORTANCE = 0.1
/** The first is the default, and wins where cross-validation sees no difference. */
const EVIDENCE_WEIGHTS = [0.4, 0.25, 0.55, 0.75, 1] as const

/**
 * Learns a head from labelled stretches: moments of the features, one scorer a view, durations and transitions.
 * Throws `no_labels`, `no_classes`, `class_without_example`, `label_out_of_range`, `labels_misaligned`, `view_missing`,
 * `dimension_mismatch`, `non_finite_features`, `option_out_of_range`, or the signal's reason.
 */
export async function fitHead(request: FitRequest): Promise<FittedHead> {
  const { classes, signal, progress = () => {} } = request
  const options = { ...DEFAULTS, ...request.options }
  checkTraining(request.sequences, classes)
  checkOptions(options, classes.length)
  const sequences = request.sequences.map(forgetMissing)
  const stretches = sequences.flatMap(({ labels }) => labelledStretches(labels))
  const halfLives = options.halfLifeSteps ? [options.halfLifeSteps] : halfLivesOf(cycleSteps(stretches))
  const units = cycleUnits(sequences, options.processOrder?.[0])
  const folds = assignFolds(sequences, units)

  const fitted: FittedScorer[] = []
  const viewIds = viewsOf(sequences)
  for (const [index, viewId] of viewIds.entries()) {
    let best: FittedScorer | undefined
    for (const [tried, halfLifeSteps] of halfLives.entries()) {
      progress({ stage: 'scorer', share: (index + tried / halfLives.length) / viewIds.length })
      const next = await fitView({ sequences, viewId, halfLifeSteps, classes, folds, options, signal })
      if (best === undefined || next.heldOutLoss < best.heldOutLoss) best = next
    }
    fitted.push(best!)
  }

  const model = sequenceModel(sequences, classes.length, options)
  const partsWithoutFold = Array.from({ length: folds.foldCount }, (_, fold) => ({
    classes,
    views: fitted.map(({ withoutFold }) => withoutFold[fold]!),
    ...sequenceModel(maskFold(sequences, folds, fold), classes.length, options),
  }))
  const judge = (evidenceWeight: number) => {
    const headWithout = (fold: number) => assembleHead({ ...partsWithoutFold[fold]!, evidenceWeight })
    return crossValidate({ sequences, folds, headWithout, signal })
  }
  const candidates = options.evidenceWeight === undefined ? EVIDENCE_WEIGHTS : [options.evidenceWeight]
  const { evidenceWeight, crossValidation, heldOut } =
    folds.foldCount === 0
      ? { evidenceWeight: options.evidenceWeight ?? EVIDENCE_WEIGHTS[0], crossValidation: null, heldOut: [] }
      : await bestEvidenceWeight(candidates, judge, share => progress({ stage: 'crossValidation', share }))
  const views = fitted.map(({ scorer }) => scorer)
  const calibration = fitCalibration(heldOut)
  return { head: assembleHead({ classes, views, evidenceWeight, calibration, ...model }), crossValidation, heldOut }
}

/**
 * Neighbouring steps share frames and noise, so their evidence counts less than the product of independent steps; how
 * much less is what decodes held-out cycles best. The scores are those of the chosen weight: one number chosen from
 * five, on the cycles that judge it.
 */
async function bestEvidenceWeight(
  candidates: readonly number[],
  judge: (evidenceWeight: number) => Promise<Judged>,
  progress: (share: number) => void,
) {
  const judged: (Judged & { readonly evidenceWeight: number })[] = []
  for (const [index, evidenceWeight] of candidates.entries()) {
    judged.push({ evidenceWeight, ...(await judge(evidenceWeight)) })
    progress((index + 1) / candidates.length)
  }
  const merit = ({ frameAccuracy, edit, f1At50 }: CrossValidation) => (frameAccuracy ?? 0) + (edit ?? 0) + (f1At50 ?? 0)
  return judged.reduce((best, next) => (merit(next.crossValidation) > merit(best.crossValidation) ? next : best))
}

type ResolvedOptions = FitOptions & {
  readonly lookAheadSteps: number
  readonly lagSteps: number
  readonly mostSamples: number
}

/** One view's scorer under a running normalisation of the given half-life. */
async function fitView(view: {
  readonly sequences: readonly TrainingSequence[]
  readonly viewId: string
  readonly halfLifeSteps: number
  readonly classes: readonly string[]
  readonly folds: Folds
  readonly options: ResolvedOptions
  readonly signal: AbortSignal | undefined
}): Promise<FittedScorer> {
  const { sequences, viewId, halfLifeSteps, classes, folds, options, signal } = view
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
  return fitScorer({
    viewId,
    normaliser,
    training,
    classCount: classes.length,
    folds: folds.foldCount > 0 ? foldsWithResting(folds, sequences.length, resting) : halfRunFolds(sequences),
    importanceOf: ({ sequence }) => (sequence < sequences.length ? 1 : RESTING_IMPORTANCE),
    signal,
  })
}

function sequenceModel(
  sequences: readonly TrainingSequence[],
  classCount: number,
  { processOrder, lookAheadSteps, lagSteps }: ResolvedOptions,
): Omit<HeadParts, 'classes' | 'views' | 'evidenceWeight' | 'calibration'> {
  const stretches = sequences.flatMap(({ labels }) => labelledStretches(labels))
  return {
    durations: learnDurations(stretches.flat(), classCount),
    transitions: learnTransitions(stretches, classCount, processOrder),
    lookAheadSteps,
    lagSteps,
  }
}

/** Shares of a cycle, within bounds: shorter would cancel the work itself, longer would keep the drift of the light. */
function halfLivesOf(steps: number): readonly number[] {
  const { least, most } = HALF_LIFE_SECONDS
  const seconds = HALF_LIFE_CYCLES.map(share => Math.min(most, Math.max(least, share * steps * STEP_SECONDS)))
  return [...new Set(seconds)].map(s => s / STEP_SECONDS)
}

/** Starts every station at the training set's moments, which count as half of what the running ones come to count. */
function normaliserFor(sequences: readonly TrainingSequence[], viewId: string, halfLifeSteps: number): Normaliser {
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

function checkOptions(options: ResolvedOptions, classCount: number): void {
  const { lookAheadSteps, lagSteps, evidenceWeight = 1, mostSamples, halfLifeSteps = 40, processOrder = [] } = options
  const allowed: Readonly<Record<string, readonly [unknown, boolean]>> = {
    lookAheadSteps: [lookAheadSteps, Number.isInteger(lookAheadSteps) && lookAheadSteps >= 0 && lookAheadSteps <= 64],
    lagSteps: [lagSteps, Number.isInteger(lagSteps) && lagSteps >= 1 && lagSteps <= 40],
    evidenceWeight: [evidenceWeight, evidenceWeight > 0 && evidenceWeight <= 1],
    mostSamples: [mostSamples, Number.isInteger(mostSamples) && mostSamples >= classCount],
    lookAheadPlusLag: [lookAheadSteps + lagSteps, lookAheadSteps + lagSteps <= MOST_LAG_STEPS],
    halfLifeSteps: [halfLifeSteps, Number.isFinite(halfLifeSteps) && halfLifeSteps > 0],
    processOrder: [processOrder, processOrder.every(k => Number.isInteger(k) && k > 0 && k < classCount)],
  }
  for (const [option, [value, fits]] of Object.entries(allowed)) {
    if (!fits) throw new StepsError('option_out_of_range', { option, value })
  }
}
