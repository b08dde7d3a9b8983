import type { HiddenMarkovModel } from '../hmm/hidden-markov.ts'
import { hmmPath } from '../hmm/hmm-path.ts'
import { UNKNOWN } from '../labelled-runs.ts'
import { calibrateScores, type ScoreCalibration } from './score-calibration.ts'
import { checkRecordings, checkScores, type ScoredRecording } from './scored-recording.ts'
import { blockLogProbabilities } from './time-blocks.ts'

/** A hidden Markov model of frames, of classes alone: the rival that every sequence decoder is held against. */
export type PlainHmm = {
  readonly classCount: number
  readonly calibration: ScoreCalibration
  readonly model: HiddenMarkovModel
}

/** Transitions that every pair of classes counts as having had: an unseen one stays possible. */
const PSEUDO_COUNT = 1e-3

/** Counts first classes and transitions from frame to frame. Throws as `fitSequenceDecoder` does. */
export async function fitPlainHmm(recordings: readonly ScoredRecording[], classCount: number): Promise<PlainHmm> {
  checkRecordings(recordings, classCount)
  const initial = new Float64Array(classCount).fill(1)
  const next = new Float64Array(classCount ** 2).fill(PSEUDO_COUNT)
  for (const { labels } of recordings) {
    if (labels[0] !== UNKNOWN) initial[labels[0]!]!++
    for (let t = 1; t < labels.length; t++) {
      if (labels[t - 1] !== UNKNOWN && labels[t] !== UNKNOWN) next[labels[t - 1]! * classCount + labels[t]!]!++
    }
  }
  toShares(initial)
  for (let row = 0; row < next.length; row += classCount) toShares(next.subarray(row, row + classCount))
  return { classCount, calibration: await calibrateScores(recordings, { classCount }), model: { initial, next } }
}

/** The class of each frame, `[time]`, by Viterbi's path through ln P(class | frame). Throws `scores_malformed`. */
export function decodeByPlainHmm({ classCount, calibration, model }: PlainHmm, scores: Float32Array): Int16Array {
  checkScores(scores, classCount)
  return hmmPath(model, blockLogProbabilities(scores, { classCount, calibration, blockFrames: 1 })).classes
}

function toShares(counts: Float64Array): void {
  const total = counts.reduce((sum, count) => sum + count, 0)
  for (let k = 0; k < counts.length; k++) counts[k]! /= total
}
