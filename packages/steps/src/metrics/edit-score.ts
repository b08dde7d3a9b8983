import { type FrameLabels, labelSegments } from './frame-labels.ts'
import { mean } from './mean.ts'

/**
 * Segmental edit score in percent (Lea et al. 2016): mean over sequences of 100 · (1 − Levenshtein(truth, predicted) /
 * max length) of the segment labels, without the ignored classes. Two empty sequences agree. Null without sequences.
 */
export const editScore = (sequences: readonly FrameLabels[], ignored: readonly number[]): number | null =>
  mean(sequences.map(sequence => pooledEditScore([sequence], ignored)))

/** 100 · (1 − sum of distances / sum of max lengths): a sequence counts by its number of segments. Null without sequences. */
export function pooledEditScore(sequences: readonly FrameLabels[], ignored: readonly number[]): number | null {
  if (sequences.length === 0) return null
  let distance = 0
  let longest = 0
  for (const { truth, predicted } of sequences) {
    const a = labelSegments(truth, ignored).map(segment => segment.label)
    const b = labelSegments(predicted, ignored).map(segment => segment.label)
    distance += levenshtein(a, b)
    longest += Math.max(a.length, b.length)
  }
  return longest === 0 ? 100 : 100 * (1 - distance / longest)
}

function levenshtein(a: readonly number[], b: readonly number[]): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (const [i, label] of a.entries()) {
    const next = [i + 1]
    for (const [j, other] of b.entries()) {
      next.push(label === other ? row[j]! : 1 + Math.min(row[j]!, row[j + 1]!, next[j]!))
    }
    row = next
  }
  return row[b.length]!
}
