import { learnDurations } from '../durations.ts'
import type { Fit } from '../fit-candidates.ts'
import { normaliserFor } from '../fit-linear-view.ts'
import { fitScorer } from '../fit-scorer.ts'
import type { FoldAssignment } from '../folds.ts'
import { halfRunFolds } from '../half-run-folds.ts'
import type { Run } from '../labelled-runs.ts'
import type { LinearScorer } from '../linear-scorer.ts'
import { kindOf, type ViewScorer } from '../scorer-kinds.ts'
import { type TrainingSamples, trainingSamples } from '../training-samples.ts'
import type { TrainingSequence } from '../training-sequence.ts'
import { learnTransitions } from '../transitions.ts'
import { type LabelledTask, labelledTasks, type MotionClass, partSequences, REST } from './motion-labels.ts'
import { type MotionModel, partCount, type TaskMotions } from './motion-model.ts'

/** Pseudo-observations of what a task begins with, spread evenly. */
const PSEUDO_COUNT = 0.5

/**
 * Learns what tells motions inside of tasks apart, from the labelled tasks in which some are labelled: durations, order
 * and a linear scorer a view over the parts of all tasks. Undefined where no motion is labelled within its task.
 */
export async function fitMotions(
  fit: Fit,
  classes: readonly MotionClass[],
  views: readonly ViewScorer[],
): Promise<MotionModel | undefined> {
  const labelled = labelledTasks(fit.sequences, classes)
  if (labelled.length === 0) return undefined
  const found = [...Map.groupBy(labelled, ({ task }) => task)].sort(([a], [b]) => a - b)
  const parts = found.flatMap(([task, own]) => partsOf(own).map(motion => ({ task, motion })))
  const partOf = (task: number, motion: number) => parts.findIndex(part => part.task === task && part.motion === motion)
  const tasks = found.map(([task, own]) => learnTask(task, partsOf(own), own, classes))
  const sequences = partSequences(fit.sequences, labelled, partOf)
  const scorers: LinearScorer[] = []
  for (const [viewId, halfLifeSteps] of halfLives(views)) {
    const scorer = await fitView(fit, { viewId, halfLifeSteps, sequences, classCount: partCount({ tasks }) })
    if (scorer) scorers.push(scorer)
  }
  return { tasks, scorers }
}

/** The motions of a task in their order, and last the rest, where there is any. */
function partsOf(tasks: readonly LabelledTask[]): readonly number[] {
  const seen = new Set(tasks.flatMap(({ runs }) => runs.map(({ classIndex }) => classIndex)))
  const motions = [...seen].filter(motion => motion !== REST).sort((a, b) => a - b)
  return seen.has(REST) ? [...motions, REST] : motions
}

function learnTask(
  classIndex: number,
  parts: readonly number[],
  tasks: readonly LabelledTask[],
  classes: readonly MotionClass[],
): TaskMotions {
  const stretches = tasks.map(({ runs }) =>
    runs.map((run): Run => ({ ...run, classIndex: parts.indexOf(run.classIndex) })),
  )
  // A part's law is learnt as a step's: class 0 is the background there, which a task has none of.
  const steps = stretches.flat().map(run => ({ ...run, classIndex: run.classIndex + 1 }))
  const { maxSteps, hazards } = learnDurations(steps, parts.length + 1)
  return {
    classIndex,
    parts: parts.map(motion => (motion === REST ? null : classes[motion]!.name)),
    durations: { maxSteps, hazards: hazards.slice(maxSteps) },
    initial: beginnings(stretches, parts.length),
    next: learnTransitions(stretches, parts.length).next,
  }
}

/** How often a task began with each part, where its beginning was labelled. */
function beginnings(stretches: readonly (readonly Run[])[], count: number): Float32Array {
  const initial = new Float32Array(count).fill(PSEUDO_COUNT / count)
  for (const [first] of stretches) if (!first!.cutStart) initial[first!.classIndex]! += 1
  const total = initial.reduce((sum, n) => sum + n, 0)
  return initial.map(n => n / total)
}

/** The views of a head with the half-life of their moments. */
function halfLives(views: readonly ViewScorer[]): ReadonlyMap<string, number> {
  return new Map(views.map(scorer => [scorer.viewId, kindOf(scorer).halfLifeSteps(scorer)]))
}

async function fitView(
  { sequences: whole, folds, options, signal }: Fit,
  view: {
    readonly viewId: string
    readonly halfLifeSteps: number
    readonly sequences: readonly TrainingSequence[]
    readonly classCount: number
  },
): Promise<LinearScorer | undefined> {
  const { viewId, sequences, classCount } = view
  const normaliser = normaliserFor(whole, viewId, view.halfLifeSteps)
  const { lookAheadSteps, mostSamples: most } = options
  const training = await trainingSamples(sequences, { viewId, normaliser, lookAheadSteps, most, signal })
  if (training.samples.length === 0) return undefined
  const heldOut = judgesAll(folds, training, classCount) ? folds : halfRunFolds(sequences)
  const request = { viewId, normaliser, training, classCount, folds: heldOut, importanceOf: () => 1, signal }
  return (await fitScorer(request)).scorer
}

/** Whether every part has examples in two folds: else a fold left out says nothing of it. */
function judgesAll({ foldCount, foldOf }: FoldAssignment, { samples }: TrainingSamples, classCount: number): boolean {
  if (foldCount === 0) return false
  const folds = Map.groupBy(samples, ({ label }) => label)
  const foldsOf = (own: TrainingSamples['samples']) => new Set(own.map(foldOf).filter(fold => fold >= 0))
  return folds.size === classCount && [...folds.values()].every(own => foldsOf(own).size > 1)
}
