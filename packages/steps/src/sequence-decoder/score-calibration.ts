import { UNKNOWN } from '../labelled-runs.ts'
import { minimise } from '../lbfgs.ts'
import { logSoftmax } from './log-softmax.ts'
import type { ScoredRecording } from './scored-recording.ts'

/**
 * How a classifier's scores become log-probabilities: ln softmax(gain ⊙ z + offset), z being the scores, or their
 * logarithms where they are probabilities, about their frame's mean in units of `spread` (vector scaling, Guo et al.
 * 2017, section 4.2). Margins, each class in its own unit, and logits of any temperature decode alike. A whole matrix
 * would also undo confusions, but some hundred steps are too few to learn one from.
 */
export type ScoreCalibration = {
  readonly kind: 'probabilities' | 'logits'
  readonly spread: number
  /** `[class]` each. */
  readonly gains: Float64Array
  readonly offsets: Float64Array
}

/** Frames that two numbers a class are fitted on. */
const MOST_FRAMES = 5000
/** λ of the pull towards gains of 1 and offsets of 0. */
const L2 = 1e-3
/** A probability below this says no more than this. */
const LEAST_PROBABILITY = 1e-6

/** The calibration that fits the known labels best. Throws the signal's reason. */
export async function calibrateScores(
  recordings: readonly ScoredRecording[],
  { classCount, signal }: { readonly classCount: number; readonly signal?: AbortSignal | undefined },
): Promise<ScoreCalibration> {
  const kind = recordings.every(({ scores }) => areProbabilities(scores, classCount)) ? 'probabilities' : 'logits'
  const known = recordings.flatMap(({ scores, labels }) => {
    return Array.from(labels, (label, frame) => ({ label, row: scores.subarray(frame * classCount) }))
  })
  const labelled = known.filter(({ label }) => label !== UNKNOWN)
  const frames = labelled.filter((_, at) => at % Math.ceil(labelled.length / MOST_FRAMES) === 0)
  const logits = frames.map(({ row }) => centred(Float64Array.from(row.subarray(0, classCount), s => asLogit(s, kind))))
  const squares = logits.reduce((sum, row) => sum + row.reduce((of, z) => of + z * z, 0), 0)
  const spread = Math.sqrt(squares / (frames.length * classCount)) || 1

  const z = logits.map(row => row.map(value => value / spread))
  const labels = frames.map(({ label }) => label)
  const start = new Float64Array(2 * classCount).fill(1, 0, classCount)
  const { x } = await minimise(scalingLoss(z, labels), start, { signal })
  return { kind, spread, gains: x.slice(0, classCount), offsets: x.slice(classCount) }
}

/** Mean loss and its gradient over gains and offsets, `[2 · class]`. */
function scalingLoss(z: readonly Float64Array[], labels: readonly number[]) {
  return (x: Float64Array) => {
    const classCount = x.length / 2
    const gradient = x.map((value, at) => L2 * (value - (at < classCount ? 1 : 0)))
    let value = gradient.reduce((sum, pull) => sum + pull * pull, 0) / (2 * L2)
    for (const [i, row] of z.entries()) {
      const logs = row.map((score, k) => x[k]! * score + x[classCount + k]!)
      logSoftmax(logs)
      value -= logs[labels[i]!]! / z.length
      for (let k = 0; k < classCount; k++) {
        const pull = (Math.exp(logs[k]!) - (k === labels[i] ? 1 : 0)) / z.length
        gradient[k]! += pull * row[k]!
        gradient[classCount + k]! += pull
      }
    }
    return { value, gradient }
  }
}

/** Mean logits of a frame, or of several, become log-probabilities, in place. */
export function applyCalibration({ spread, gains, offsets }: ScoreCalibration, logits: Float64Array): void {
  centred(logits)
  for (let k = 0; k < logits.length; k++) logits[k] = (gains[k]! * logits[k]!) / spread + offsets[k]!
  logSoftmax(logits)
}

/** A score as a logit. */
export function asLogit(score: number, kind: ScoreCalibration['kind']): number {
  return kind === 'probabilities' ? Math.log(Math.max(LEAST_PROBABILITY, score)) : score
}

/** About their mean, in place. */
function centred(row: Float64Array): Float64Array {
  const mean = row.reduce((sum, z) => sum + z, 0) / row.length
  for (let k = 0; k < row.length; k++) row[k]! -= mean
  return row
}

function areProbabilities(scores: Float32Array, classCount: number): boolean {
  for (let row = 0; row < scores.length; row += classCount) {
    let sum = 0
    for (let at = row; at < row + classCount; at++) {
      if (scores[at]! < 0) return false
      sum += scores[at]!
    }
    if (Math.abs(sum - 1) > 1e-2) return false
  }
  return true
}
