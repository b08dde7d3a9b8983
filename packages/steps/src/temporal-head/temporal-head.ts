import { StepsError } from '../errors.ts'
import type { Interval } from '../interval.ts'
import { normaliseCentred } from './centred-normalisation.ts'
import { type FeatureRows, featureRows } from './feature-rows.ts'
import { type PrincipalComponents, project } from './principal-components.ts'
import { recordingIntervals } from './recording-intervals.ts'
import type { RecordingProcess } from './recording-process.ts'
import { type NetworkSizes, type NetworkWeights, scoreRows } from './temporal-network.ts'

/** Turns the features of a whole recording into steps: for recordings alone, as it looks as far ahead as back. */
export type TemporalHead = {
  /** Names by class index; index 0 is the background. */
  readonly classes: readonly string[]
  /** Of the running normalisation, on either side. */
  readonly reachSteps: number
  readonly components: PrincipalComponents
  readonly sizes: NetworkSizes
  /** One a seed; their probabilities are averaged. */
  readonly networks: readonly NetworkWeights[]
  readonly process: RecordingProcess
  /** Exponent of a time step's evidence beside order and durations. */
  readonly evidenceWeight: number
}

export type Reading = {
  readonly head: TemporalHead
  /** One vector a time step. */
  readonly vectors: readonly Float32Array[]
  /** What is known beforehand, or `UNKNOWN`: it stays as it is. */
  readonly labels: Int16Array
}

/** The steps of a recording in order. Throws `dimension_mismatch`, `non_finite_features`, `labels_misaligned`. */
export function readRecording({ head, vectors, labels }: Reading): readonly Interval[] {
  if (vectors.length !== labels.length) {
    throw new StepsError('labels_misaligned', { labels: labels.length, steps: vectors.length })
  }
  const { classes, process, evidenceWeight } = head
  const { values: probabilities } = scoreRecording(head, featureRows(vectors))
  return recordingIntervals(process, { probabilities, classes, labels, evidenceWeight })
}

/** The class of each time step by the networks alone, without order or durations. Throws as `readRecording`. */
export function mostProbableClasses(head: TemporalHead, vectors: readonly Float32Array[]): Int16Array {
  const { values, dim } = scoreRecording(head, featureRows(vectors))
  return Int16Array.from(vectors, (_, step) => {
    const row = values.subarray(step * dim, (step + 1) * dim)
    return row.indexOf(row.reduce((a, b) => Math.max(a, b), 0))
  })
}

/** P(class) of each time step, `[time, class]`. Throws `dimension_mismatch`. */
function scoreRecording(head: TemporalHead, recording: FeatureRows): FeatureRows {
  const { classes, reachSteps, components, sizes, networks } = head
  if (recording.dim !== components.dim) {
    throw new StepsError('dimension_mismatch', { expected: components.dim, got: recording.dim })
  }
  const seen = project(normaliseCentred(recording, reachSteps), components)
  return meanProbabilities(
    networks.map(weights => scoreRows(weights, seen, sizes).values),
    classes.length,
  )
}

/** Mean over networks of softmax(logits), logits `[time, class]` each. */
function meanProbabilities(logits: readonly Float32Array[], classCount: number): FeatureRows {
  const values = new Float32Array(logits[0]!.length)
  for (const ofNetwork of logits) {
    for (let row = 0; row < values.length; row += classCount) {
      const scores = ofNetwork.subarray(row, row + classCount)
      const largest = scores.reduce((a, b) => Math.max(a, b), -Infinity)
      const powers = scores.map(score => Math.exp(score - largest))
      const total = powers.reduce((sum, power) => sum + power, 0) * logits.length
      for (let k = 0; k < classCount; k++) values[row + k]! += powers[k]! / total
    }
  }
  return { values, dim: classCount }
}
