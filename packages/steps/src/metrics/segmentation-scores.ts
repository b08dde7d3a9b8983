import { StepsError } from '../errors.ts'
import { editScore, pooledEditScore } from './edit-score.ts'
import { frameAccuracy, meanFrameAccuracy } from './frame-accuracy.ts'
import type { FrameLabels } from './frame-labels.ts'
import { meanSegmentalF1, segmentalF1 } from './segmental-f1.ts'

/** Percentages; null where there is nothing to score. */
export type SegmentationFigures = {
  readonly accuracy: number | null
  readonly edit: number | null
  readonly f1At10: number | null
  readonly f1At25: number | null
  readonly f1At50: number | null
}

export type SegmentationScores = {
  /** What MS-TCN's evaluation prints: accuracy and F1 pooled over all sequences, edit as a mean over sequences. */
  readonly official: SegmentationFigures
  readonly pooled: SegmentationFigures
  /** The mean over sequences of each one's figure. */
  readonly perVideo: SegmentationFigures
}

/**
 * All frame and segment scores of some sequences; `ignored` (the background) is left out of edit and F1, not of accuracy.
 * Throws `labels_misaligned` where a sequence's labels differ in number.
 */
export function segmentationScores(sequences: readonly FrameLabels[], ignored: readonly number[]): SegmentationScores {
  checkAligned(sequences)
  const pooled = {
    accuracy: frameAccuracy(sequences),
    edit: pooledEditScore(sequences, ignored),
    f1At10: segmentalF1(sequences, 0.1, ignored),
    f1At25: segmentalF1(sequences, 0.25, ignored),
    f1At50: segmentalF1(sequences, 0.5, ignored),
  }
  const perVideo = {
    accuracy: meanFrameAccuracy(sequences),
    edit: editScore(sequences, ignored),
    f1At10: meanSegmentalF1(sequences, 0.1, ignored),
    f1At25: meanSegmentalF1(sequences, 0.25, ignored),
    f1At50: meanSegmentalF1(sequences, 0.5, ignored),
  }
  return { official: { ...pooled, edit: perVideo.edit }, pooled, perVideo }
}

export function checkAligned(sequences: readonly FrameLabels[]): void {
  for (const [sequence, { truth, predicted }] of sequences.entries()) {
    if (truth.length === predicted.length) continue
    throw new StepsError('labels_misaligned', { sequence, truth: truth.length, predicted: predicted.length })
  }
}
