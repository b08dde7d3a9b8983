import type { FrameLabels } from './frame-labels.ts'

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
