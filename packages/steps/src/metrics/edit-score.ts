import { type FrameLabels, labelSegments } from './frame-labels.ts'

/**
 * Segmental edit score in percent: mean over sequences of 100 · (1 − Levenshtein(truth, predicted) / max length) of the
 * segment labels, without the ignored classes. Two empty sequences agree. Null without sequences.
 */
export function editScore(sequences: readonly FrameLabels[], ignored: readonly number[]): number | null {
  if (sequences.length === 0) return null
  const scores = sequences.map(({ truth, predicted }) => {
    const a = labelSegments(truth, ignored).map(segment => segment.label)
    const b = labelSegments(predicted, ignored).map(segment => segment.label)
    const longest = Math.max(a.length, b.length)
    return longest === 0 ? 100 : 100 * (1 - levenshtein(a, b) / longest)
  })
  return scores.reduce((sum, score) => sum + score, 0) / scores.length
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
