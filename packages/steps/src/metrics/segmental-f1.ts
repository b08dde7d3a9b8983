import { type FrameLabels, type LabelSegment, labelSegments } from './frame-labels.ts'
import { mean } from './mean.ts'

/**
 * F1@k in percent with true and false positives pooled over all sequences (Lea et al. 2017, as MS-TCN evaluates it):
 * a predicted segment is a true positive when the same-label truth of largest IoU reaches `overlap` (0.1, 0.25, 0.5)
 * and is not yet taken; a truth nobody took is a false negative. 0 where nothing is right; null without segments.
 */
export function segmentalF1(
  sequences: readonly FrameLabels[],
  overlap: number,
  ignored: readonly number[],
): number | null {
  let truePositives = 0
  let predictedCount = 0
  let truthCount = 0
  for (const { truth, predicted } of sequences) {
    const truths = labelSegments(truth, ignored)
    const guesses = labelSegments(predicted, ignored)
    truePositives += countHits(truths, guesses, overlap)
    predictedCount += guesses.length
    truthCount += truths.length
  }
  return predictedCount + truthCount === 0 ? null : (200 * truePositives) / (predictedCount + truthCount)
}

/** Mean over sequences of each one's F1@k; a sequence without a segment on either side has none. Null without any. */
export const meanSegmentalF1 = (
  sequences: readonly FrameLabels[],
  overlap: number,
  ignored: readonly number[],
): number | null => mean(sequences.map(sequence => segmentalF1([sequence], overlap, ignored)))

function countHits(truths: readonly LabelSegment[], guesses: readonly LabelSegment[], overlap: number): number {
  const taken = new Set<LabelSegment>()
  for (const guess of guesses) {
    let best: LabelSegment | undefined
    let bestIou = 0
    for (const truth of truths) {
      const iou = truth.label === guess.label ? intersectionOverUnion(truth, guess) : 0
      if (iou > bestIou) {
        best = truth
        bestIou = iou
      }
    }
    if (best !== undefined && bestIou >= overlap) taken.add(best)
  }
  return taken.size
}

/** |a ∩ b| / |a ∪ b| of two spans, 0 where they do not meet. */
export function intersectionOverUnion(
  a: { readonly start: number; readonly end: number },
  b: { readonly start: number; readonly end: number },
): number {
  const shared = Math.min(a.end, b.end) - Math.max(a.start, b.start)
  return shared <= 0 ? 0 : shared / (Math.max(a.end, b.end) - Math.min(a.start, b.start))
}
