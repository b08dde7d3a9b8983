import type { FrameLabels } from './frame-labels.ts'
import { mean } from './mean.ts'

/** Share of frames labelled right, in percent, pooled over all sequences, background included; null without frames. */
export function frameAccuracy(sequences: readonly FrameLabels[]): number | null {
  let right = 0
  let total = 0
  for (const { truth, predicted } of sequences) {
    for (const [frame, label] of truth.entries()) right += predicted[frame] === label ? 1 : 0
    total += truth.length
  }
  return total === 0 ? null : (100 * right) / total
}

/** Mean over sequences of each one's accuracy, so that a short sequence counts as much as a long one; null without any. */
export const meanFrameAccuracy = (sequences: readonly FrameLabels[]): number | null =>
  mean(sequences.map(sequence => frameAccuracy([sequence])))
