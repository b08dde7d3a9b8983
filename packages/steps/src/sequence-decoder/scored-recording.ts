import { StepsError } from '../errors.ts'
import { UNKNOWN } from '../labelled-runs.ts'

/** A recording as a frame classifier sees it: scores `[time, class]`, and its true classes `[time]` or `UNKNOWN`. */
export type ScoredRecording = { readonly scores: Float32Array; readonly labels: Int16Array }

/** Throws `scores_malformed` unless the scores are whole rows of finite values. */
export function checkScores(scores: Float32Array, classCount: number): void {
  if (!(classCount >= 2) || scores.length === 0 || scores.length % classCount !== 0)
    throw new StepsError('scores_malformed', { values: scores.length, classes: classCount })
  const at = scores.findIndex(score => !Number.isFinite(score))
  if (at >= 0)
    throw new StepsError('scores_malformed', {
      row: Math.floor(at / classCount),
      class: at % classCount,
      score: scores[at],
    })
}

/** Throws `no_labels`, `scores_malformed`, `labels_misaligned` or `label_out_of_range`, naming the recording. */
export function checkRecordings(recordings: readonly ScoredRecording[], classCount: number): void {
  for (const [recording, { scores, labels }] of recordings.entries()) {
    checkScores(scores, classCount)
    const rows = scores.length / classCount
    if (labels.length !== rows) throw new StepsError('labels_misaligned', { recording, labels: labels.length, rows })
    const wrong = labels.find(label => label !== UNKNOWN && !(label >= 0 && label < classCount))
    if (wrong !== undefined)
      throw new StepsError('label_out_of_range', { recording, label: wrong, classes: classCount })
  }
  if (!recordings.some(({ labels }) => labels.some(label => label !== UNKNOWN))) throw new StepsError('no_labels')
}
