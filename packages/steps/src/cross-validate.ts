import { breathe } from './breathe.ts'
import type { CycleUnit } from './cycle-units.ts'
import { advance } from './decoder.ts'
import { openDecoder } from './decoder-state.ts'
import type { Folds } from './folds.ts'
import type { HeldOutInterval } from './held-out-interval.ts'
import type { Interval } from './interval.ts'
import { intervalLabels } from './interval-labels.ts'
import { labelledStretches, type Run } from './labelled-runs.ts'
import { editScore } from './metrics/edit-score.ts'
import { frameAccuracy } from './metrics/frame-accuracy.ts'
import type { FrameLabels } from './metrics/frame-labels.ts'
import { type IntervalMatch, matchIntervals, type Span } from './metrics/match-intervals.ts'
import { segmentalF1 } from './metrics/segmental-f1.ts'
import { timeErrors } from './metrics/time-errors.ts'
import { kindOf } from './scorer-kinds.ts'
import { BACKGROUND, type StepHead } from './step-head.ts'
import { STEP_SECONDS } from './time-step.ts'
import type { TrainingSequence } from './training-sequence.ts'

/** Scores on cycles that the scoring head was not fitted on; percentages, seconds. */
export type CrossValidation = {
  readonly cycles: number
  readonly folds: number
  readonly frameAccuracy: number | null
  readonly edit: number | null
  readonly f1At50: number | null
  readonly medianBoundarySeconds: number | null
  readonly p95BoundarySeconds: number | null
  readonly meanDurationErrorSeconds: number | null
}

export type CrossValidationRequest = {
  readonly sequences: readonly TrainingSequence[]
  readonly folds: Folds
  /** The head fitted without a fold. Its normaliser's prior knows the fold's features, not its labels. */
  readonly headWithout: (fold: number) => StepHead
  readonly signal?: AbortSignal | undefined
}

/** Half-lives of the normaliser, and lags of the decoder, that are decoded before and after a cycle left out. */
const AROUND = { halfLivesBefore: 3, lagsAfter: 3 } as const

/** Scores of cycles held out, and the intervals that are timed in them. */
export type Judged = { readonly crossValidation: CrossValidation; readonly heldOut: readonly HeldOutInterval[] }

/** Decodes every cycle, and some time around it, with the head that did not see its fold, and compares inside it. */
export async function crossValidate(request: CrossValidationRequest): Promise<Judged> {
  const { sequences, folds, headWithout, signal } = request
  const heads = Array.from({ length: folds.foldCount }, (_, fold) => headWithout(fold))
  return judgeCycles({
    sequences,
    folds,
    classes: heads[0]!.classes,
    intervalsOf: async unit => {
      await breathe(signal)
      const head = heads[folds.foldOf({ sequence: unit.sequence, step: unit.start })]!
      return decodeAround(head, sequences[unit.sequence]!.steps, unit)
    },
  })
}

export type JudgedCycles = {
  readonly sequences: readonly Pick<TrainingSequence, 'labels' | 'occurrences'>[]
  readonly folds: Folds
  readonly classes: readonly string[]
  /** What a head that did not see the cycle finds in it, and around it. */
  readonly intervalsOf: (unit: CycleUnit) => Promise<readonly Interval[]>
}

/** Compares what is found in each cycle with its labels, inside the cycle. */
export async function judgeCycles({ sequences, folds, classes, intervalsOf }: JudgedCycles): Promise<Judged> {
  const frames: FrameLabels[] = []
  const matched: IntervalMatch<Span, FoundSpan>['matched'][number][] = []
  for (const unit of folds.units) {
    const sequence = sequences[unit.sequence]!
    const { labels } = sequence
    const intervals = await intervalsOf(unit)
    const predicted = intervalLabels(intervals, labels.length)
    frames.push({ truth: labels.slice(unit.start, unit.end), predicted: predicted.slice(unit.start, unit.end) })
    matched.push(...matchIntervals(trueSpans(sequence, unit, classes), predictedSpans(intervals, unit)).matched)
  }
  const errors = timeErrors(matched)
  const crossValidation = {
    cycles: folds.units.length,
    folds: folds.foldCount,
    frameAccuracy: frameAccuracy(frames),
    edit: editScore(frames, [BACKGROUND]),
    f1At50: segmentalF1(frames, 0.5, [BACKGROUND]),
    medianBoundarySeconds: errors.medianBoundary,
    p95BoundarySeconds: errors.p95Boundary,
    meanDurationErrorSeconds: errors.meanDuration,
  }
  return { crossValidation, heldOut: matched.map(heldOutInterval) }
}

function heldOutInterval({ truth, predicted: { interval } }: IntervalMatch<Span, FoundSpan>['matched'][number]) {
  return {
    startErrorSeconds: interval.startStep * STEP_SECONDS + interval.startOffsetSeconds - truth.start,
    endErrorSeconds: interval.endStep * STEP_SECONDS + interval.endOffsetSeconds - truth.end,
    startSdSeconds: interval.startSdSeconds!,
    endSdSeconds: interval.endSdSeconds!,
  }
}

function decodeAround(
  head: StepHead,
  steps: TrainingSequence['steps'],
  { start, end }: CycleUnit,
): readonly Interval[] {
  const longest = Math.max(...head.views.map(scorer => kindOf(scorer).halfLifeSteps(scorer)))
  const before = Math.ceil(AROUND.halfLivesBefore * longest)
  const from = Math.max(0, start - before)
  const part = steps.slice(from, end + AROUND.lagsAfter * (head.lagSteps + head.lookAheadSteps))
  const { finals, provisionals } = advance(head, openDecoder(head, from), part)
  return [...finals, ...provisionals]
}

/** Whole labelled occurrences that start inside the unit, in seconds. */
function trueSpans(
  { labels, occurrences = [] }: Pick<TrainingSequence, 'labels' | 'occurrences'>,
  unit: CycleUnit,
  classes: readonly string[],
): readonly Span[] {
  return labelledStretches(labels)
    .flat()
    .filter(run => run.classIndex !== BACKGROUND && !run.cutStart && !run.cutEnd)
    .filter(run => unit.start <= run.start && run.start < unit.end)
    .map(run => {
      // A step is labelled by its middle, so the occurrence that became the run lies within half a step of it.
      const { start, end } =
        occurrences.find(exact => exact.classIndex === run.classIndex && isWithinHalfAStep(exact, run)) ?? run
      return { step: classes[run.classIndex]!, start: start * STEP_SECONDS, end: end * STEP_SECONDS }
    })
}

function isWithinHalfAStep(a: Pick<Run, 'start' | 'end'>, b: Pick<Run, 'start' | 'end'>): boolean {
  return Math.abs(a.start - b.start) <= 0.5 && Math.abs(a.end - b.end) <= 0.5
}

type FoundSpan = Span & { readonly interval: Interval }

/** Uncensored decoded occurrences that touch the unit, in seconds. */
function predictedSpans(intervals: readonly Interval[], unit: CycleUnit): readonly FoundSpan[] {
  return intervals
    .filter(({ censoredStart, censoredEnd }) => !censoredStart && !censoredEnd)
    .filter(({ startStep, endStep }) => startStep < unit.end && endStep > unit.start)
    .map(interval => ({
      step: interval.step,
      start: interval.startStep * STEP_SECONDS,
      end: interval.endStep * STEP_SECONDS,
      interval,
    }))
}
