import { UNKNOWN } from '../labelled-runs.ts'
import { logSoftmax } from './log-softmax.ts'
import type { ScoredRecording } from './scored-recording.ts'
import { fitSoftmaxRegression } from './softmax-regression.ts'

/**
 * How a classifier's scores become log-probabilities: ln softmax(W z + b), z being the scores, or their logarithms where
 * they are probabilities, about their frame's mean in units of `spread` (matrix scaling, Guo et al. 2017, section 4.2).
 * It makes one of margins, each class in its own unit, of logits of any temperature, and of classes taken for another.
 */
export type ScoreCalibration = {
  readonly kind: 'probabilities' | 'logits'
  readonly spread: number
  /** `[class, class + 1]`, b last. */
  readonly weights: Float64Array
}

/** Frames that some hundred weights are fitted on. */
const MOST_FRAMES = 5000
const L2 = 1e-4
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

  const features = new Float32Array(frames.length * (classCount + 1)).fill(1)
  for (const [index, row] of logits.entries())
    features.set(
      row.map(z => z / spread),
      index * (classCount + 1),
    )
  const labels = Int16Array.from(frames, ({ label }) => label)
  const asTheyAre = new Float64Array(classCount * (classCount + 1))
  for (let k = 0; k < classCount; k++) asTheyAre[k * (classCount + 1) + k] = 1
  const weights = await fitSoftmaxRegression({ features, labels, classCount }, { l2: L2, start: asTheyAre, signal })
  return { kind, spread, weights }
}

/** Mean logits of a frame, or of several, become log-probabilities, in place. */
export function applyCalibration({ spread, weights }: ScoreCalibration, logits: Float64Array): void {
  const z = centred(Float64Array.from(logits))
  for (let k = 0; k < z.length; k++) {
    const row = k * (z.length + 1)
    let sum = weights[row + z.length]!
    for (let j = 0; j < z.length; j++) sum += (weights[row + j]! * z[j]!) / spread
    logits[k] = sum
  }
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
