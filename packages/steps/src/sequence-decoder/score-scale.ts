import { UNKNOWN } from '../labelled-runs.ts'
import { calibrateTemperature } from '../temperature.ts'
import type { ScoredRecording } from './scored-recording.ts'

/** How scores become log-probabilities: ln softmax(score / temperature), of ln score where scores are probabilities. */
export type ScoreScale = { readonly kind: 'probabilities' | 'logits'; readonly temperature: number }

/** Frames the temperature is fitted on; one number needs no more. */
const MOST_FRAMES = 5000
/** A probability below this says no more than this. */
const LEAST_PROBABILITY = 1e-6

/** The scale on which the scores, whatever classifier gave them, fit the labels best. */
export function fitScoreScale(recordings: readonly ScoredRecording[], classCount: number): ScoreScale {
  const kind = recordings.every(({ scores }) => areProbabilities(scores, classCount)) ? 'probabilities' : 'logits'
  const known = recordings.flatMap(({ scores, labels }) => {
    return Array.from(labels, (label, frame) => ({ label, row: scores.subarray(frame * classCount) }))
  })
  const labelled = known.filter(({ label }) => label !== UNKNOWN)
  const frames = labelled.filter((_, at) => at % Math.ceil(labelled.length / MOST_FRAMES) === 0)
  const logits = new Float64Array(classCount * frames.length)
  for (const [i, { row }] of frames.entries()) {
    for (let k = 0; k < classCount; k++) logits[k * frames.length + i] = asLogit(row[k]!, kind)
  }
  // Margins may be tiny and logits huge: the search for the temperature starts from their own spread.
  const spread = spreadWithinRows(logits, frames.length)
  const temperature = calibrateTemperature({
    logits: logits.map(logit => logit / spread),
    labels: Int16Array.from(frames, ({ label }) => label),
    sampleWeights: new Float64Array(frames.length).fill(1 / frames.length),
  })
  return { kind, temperature: temperature * spread }
}

/** The scores of one frame or the sum of several, as logits. */
export function asLogit(score: number, kind: ScoreScale['kind']): number {
  return kind === 'probabilities' ? Math.log(Math.max(LEAST_PROBABILITY, score)) : score
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

/** Root mean square of logits `[class, count]` about each frame's mean; 1 where they are all alike. */
function spreadWithinRows(logits: Float64Array, count: number): number {
  const classCount = logits.length / count
  let squares = 0
  for (let i = 0; i < count; i++) {
    let mean = 0
    for (let at = i; at < logits.length; at += count) mean += logits[at]! / classCount
    for (let at = i; at < logits.length; at += count) squares += (logits[at]! - mean) ** 2
  }
  return Math.sqrt(squares / logits.length) || 1
}
