import type { NamedTensors } from '@takt/onnx'
import { StepsError } from '../errors.ts'
import { labelledStretches } from '../labelled-runs.ts'
import { checkTraining, type TrainingSequence } from '../training-sequence.ts'
import { normaliseCentred } from './centred-normalisation.ts'
import { cycleLength } from './cycle-length.ts'
import { featureRows } from './feature-rows.ts'
import { headTraining, type TrainingRun } from './head-training.ts'
import { principalComponents, project } from './principal-components.ts'
import { learnRecordingProcess } from './recording-process.ts'
import type { TemporalHead } from './temporal-head.ts'
import { type Augmentation, type LabelledRows, trainingStretches } from './training-windows.ts'

/** A recording's features, one vector a time step, and its labels: class indices or `UNKNOWN`. */
export type LabelledVectors = { readonly vectors: readonly Float32Array[]; readonly labels: Int16Array }

export type TemporalFit = {
  readonly recordings: readonly LabelledVectors[]
  /** Names by class index; index 0 is the background. */
  readonly classes: readonly string[]
  /** One network each. */
  readonly seeds: readonly number[]
  /** Makes a run's steps, and gives its last state: a caller has a runtime, this package has none. */
  readonly train: (run: TrainingRun) => Promise<NamedTensors>
  readonly options?: TemporalOptions
  readonly signal?: AbortSignal
}

/** Choices of a fit; every one has a default. */
export type TemporalOptions = {
  readonly augmentation?: Augmentation
  /** Of the running normalisation, on either side of a step; half a cycle by default, Infinity for the whole recording. */
  readonly reachSteps?: number
}

/** Components that are kept: more add noise alone, fewer lose small movements. */
const COMPONENTS = 64

/** The normalisation's window is a cycle long. */
const REACH_CYCLES = 0.5
const REACH_STEPS = { least: 12, most: 240 } as const

const SIZES = { maps: 32, layers: 6 } as const

/** Classes weigh by the square root of how rare they are: between as often as they are, and all alike. */
const BALANCE = 0.5

/**
 * More than one: what training makes of a single cycle is too timid beside order and durations. On held-out films a
 * weight of 1 loses steps that a weight of 2 finds; at 2 nine tenths of the borders lie within their 90 % intervals, at
 * 4 three quarters.
 */
const EVIDENCE_WEIGHT = 2

/**
 * Learns a head of dilated convolutions from labelled ranges of recordings, one cycle being enough: features by centred
 * running normalisation and their principal components, a network a seed on altered copies of the labelled time, order
 * and durations of the process. Unlabelled time is looked at, too, for what is usual in a feature.
 * Throws `no_labels`, `no_classes`, `class_without_example`, `label_out_of_range`, `labels_misaligned`,
 * `dimension_mismatch`, `non_finite_features`, `option_out_of_range`, what `train` throws, or the signal's reason.
 */
export async function fitTemporalHead(fit: TemporalFit): Promise<TemporalHead> {
  checkFit(fit)
  return fitChecked(fit)
}

/** As `fitTemporalHead`, and of a class without an example: it is then never found. */
export async function fitChecked(fit: TemporalFit): Promise<TemporalHead> {
  const { recordings, classes, seeds, train, options = {}, signal } = fit
  const labels = recordings.map(recording => recording.labels)
  const reachSteps = options.reachSteps ?? usualReach(labels)
  const normalised = recordings.map(({ vectors }) => normaliseCentred(featureRows(vectors), reachSteps))
  const components = principalComponents(normalised, COMPONENTS)
  const seen = recordings.map(({ labels }, index): LabelledRows => {
    return { features: project(normalised[index]!, components), labels }
  })
  const classCount = classes.length
  const stretches = trainingStretches(seen, { classCount, balance: BALANCE })
  const sizes = { inputs: seen[0]!.features.dim, classes: classCount, ...SIZES }
  const training = headTraining(stretches, sizes, options.augmentation)
  const networks: TemporalHead['networks'][number][] = []
  for (const seed of seeds) {
    signal?.throwIfAborted()
    networks.push(training.weightsOf(await train(training.run(seed))))
  }
  const process = learnRecordingProcess(labels, classCount)
  return { classes, reachSteps, components, sizes, networks, process, evidenceWeight: EVIDENCE_WEIGHT }
}

function usualReach(labels: readonly Int16Array[]): number {
  const cycle = cycleLength(labels.flatMap(labelledStretches))
  return Math.round(Math.min(REACH_STEPS.most, Math.max(REACH_STEPS.least, REACH_CYCLES * cycle)))
}

/** Throws what `fitTemporalHead` says of its arguments. */
export function checkFit({ recordings, classes, seeds, options: { reachSteps = 1 } = {} }: TemporalFit): void {
  checkTraining(recordings.map(asSequence), classes)
  const wrong = seeds.find(seed => !(Number.isSafeInteger(seed) && seed >= 0))
  if (seeds.length === 0 || wrong !== undefined) {
    throw new StepsError('option_out_of_range', { option: 'seeds', value: wrong ?? 'none' })
  }
  if (!(reachSteps >= 1)) throw new StepsError('option_out_of_range', { option: 'reachSteps', value: reachSteps })
}

/** A recording as the sequence of a view that saw all of it. */
export function asSequence({ vectors, labels }: LabelledVectors): TrainingSequence {
  return { steps: vectors.map(vector => ({ kind: 'observed', views: { recording: vector } })), labels }
}
