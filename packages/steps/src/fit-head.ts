import { bestEvidenceWeight, type ChosenKind, chooseKind, type TriedKind } from './choose-kind.ts'
import { type CrossValidation, crossValidate } from './cross-validate.ts'
import { cycleUnits } from './cycle-units.ts'
import { learnDurations } from './durations.ts'
import { farthestDistances } from './familiarity.ts'
import { fitCalibration } from './fit-calibration.ts'
import { type Candidate, type Fit, type FitProgress, fitCandidates } from './fit-candidates.ts'
import { type FitOptions, type FittedKind, resolveOptions } from './fit-options.ts'
import type { Train } from './fit-temporal-view.ts'
import { assignFolds, maskFold } from './folds.ts'
import type { HeldOutInterval } from './held-out-interval.ts'
import { firstStepOf } from './hmm/process-tree.ts'
import { labelledStretches } from './labelled-runs.ts'
import { fitMotions } from './motions/fit-motions.ts'
import type { MotionClass } from './motions/motion-labels.ts'
import { assembleHead, type HeadParts, type StepHead } from './step-head.ts'
import { checkTraining, forgetMissing, type TrainingSequence } from './training-sequence.ts'
import { learnTransitions } from './transitions.ts'

export type { FitProgress }

export type FitRequest = {
  readonly sequences: readonly TrainingSequence[]
  /** Names by class index; index 0 is the background. */
  readonly classes: readonly string[]
  /** Motions that `sequences` may name, with the tasks they are parts of. */
  readonly motions?: readonly MotionClass[]
  readonly options?: FitOptions
  /** Trains networks; without it heads are linear. */
  readonly train?: Train
  readonly signal?: AbortSignal
  readonly progress?: (done: FitProgress) => void
}

/** A head, and its scores on cycles it was not fitted on; null where fewer than two cycles are labelled. */
export type FittedHead = {
  readonly head: StepHead
  readonly crossValidation: CrossValidation | null
  /** What was timed in cycles held out: the head's ± is calibrated on it. Empty where none could be. */
  readonly heldOut: readonly HeldOutInterval[]
  readonly chosen: ChosenKind
}

/**
 * The first of a kind is its default, and wins where cross-validation sees no difference. Two scorers of one view see
 * the same, so each counts for less.
 */
const EVIDENCE_WEIGHTS: { readonly [Kind in FittedKind]: readonly number[] } = {
  linear: [0.4, 0.25, 0.55, 0.75, 1],
  temporal: [1, 0.7, 0.5, 1.4, 2],
  both: [0.4, 0.25, 0.55, 0.75, 1],
}

const UNJUDGED = 'too few cycles are labelled to hold one out: all kinds of scorers that can be fitted, together'

type JudgedCandidate = TriedKind & { readonly candidate: Candidate; readonly heldOut: readonly HeldOutInterval[] }

/**
 * Learns a head from labelled stretches: moments of the features, one scorer a view, durations and transitions. Where
 * cycles can be held out and there is a way to train, linear and temporal scorers are tried, and both together, and what
 * finds more in them is taken. Where none can be and there is a way to train, both together are taken unjudged: with one
 * cycle labelled they find most by far (`npm run bench -- heads`).
 * Motions that are labelled within their tasks are learnt besides; they change no task.
 * Throws `no_labels`, `no_classes`, `class_without_example`, `label_out_of_range`, `labels_misaligned`, `view_missing`,
 * `dimension_mismatch`, `non_finite_features`, `option_out_of_range`, what `train` throws, or the signal's reason.
 */
export async function fitHead(request: FitRequest): Promise<FittedHead> {
  const { classes, signal } = request
  checkTraining(request.sequences, classes)
  const options = resolveOptions(request, classes.length)
  const sequences = request.sequences.map(forgetMissing)
  const folds = assignFolds(sequences, cycleUnits(sequences, options.process && firstStepOf(options.process)))
  const fit: Fit = { sequences, classes, folds, options, signal }
  const candidates = await fitCandidates(fit, request)
  const assembled = async (candidate: Candidate, rest: Pick<HeadParts, 'evidenceWeight' | 'calibration'>) => {
    const views = await candidate.views()
    const farthest = farthestDistances(views, sequences)
    const motions = await fitMotions(fit, request.motions ?? [], views)
    return assembleHead({
      classes,
      views,
      farthest,
      ...rest,
      ...(motions && { motions }),
      ...sequenceModel(sequences, fit),
    })
  }
  if (folds.foldCount === 0) {
    const { kind } = candidates.at(-1)!
    const evidenceWeight = options.evidenceWeight ?? EVIDENCE_WEIGHTS[kind][0]!
    const head = await assembled(candidates.at(-1)!, { evidenceWeight })
    return { head, crossValidation: null, heldOut: [], chosen: { kind, because: UNJUDGED, tried: [] } }
  }
  const judged = await judgeCandidates(fit, candidates, request.progress)
  const chosen = chooseKind(
    judged.map(({ kind, evidenceWeight, crossValidation }) => ({ kind, evidenceWeight, crossValidation })),
  )
  const { candidate, evidenceWeight, crossValidation, heldOut } = judged.find(({ kind }) => kind === chosen.kind)!
  const head = await assembled(candidate, { evidenceWeight, calibration: fitCalibration(heldOut) })
  return { head, crossValidation, heldOut, chosen }
}

/** What each candidate finds in the cycles that it was fitted without, under its best evidence weight. */
async function judgeCandidates(
  fit: Fit,
  candidates: readonly Candidate[],
  progress: FitRequest['progress'] = () => {},
): Promise<readonly JudgedCandidate[]> {
  const { sequences, classes, folds, options, signal } = fit
  const modelWithout = Array.from({ length: folds.foldCount }, (_, fold) => {
    return sequenceModel(maskFold(sequences, folds, fold), fit)
  })
  const judged: JudgedCandidate[] = []
  for (const [index, candidate] of candidates.entries()) {
    const judge = (evidenceWeight: number) => {
      const headWithout = (fold: number) => {
        return assembleHead({ classes, views: candidate.viewsWithout(fold), evidenceWeight, ...modelWithout[fold]! })
      }
      return crossValidate({ sequences, folds, headWithout, signal })
    }
    const { kind } = candidate
    const weights = options.evidenceWeight === undefined ? EVIDENCE_WEIGHTS[kind] : [options.evidenceWeight]
    const best = await bestEvidenceWeight(weights, judge, share => {
      progress({ stage: 'crossValidation', share: (index + share) / candidates.length })
    })
    judged.push({ kind, candidate, ...best })
  }
  return judged
}

function sequenceModel(
  sequences: readonly TrainingSequence[],
  { classes, options: { process, lookAheadSteps, lagSteps } }: Fit,
): Omit<HeadParts, 'classes' | 'views' | 'evidenceWeight' | 'calibration'> {
  const stretches = sequences.flatMap(({ labels }) => labelledStretches(labels))
  return {
    durations: learnDurations(stretches.flat(), classes.length),
    transitions: learnTransitions(stretches, classes.length, process),
    lookAheadSteps,
    lagSteps,
  }
}
