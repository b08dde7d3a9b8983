import type { FrameLabels } from './frame-labels.ts'
import { type ClusterMatching, matchClusters } from './match-clusters.ts'
import { checkAligned, type SegmentationScores, segmentationScores } from './segmentation-scores.ts'

/** Scores after matching, which say how they were matched; `accuracy` is the field's mean over frames, MoF. */
export type ClusteringScores = SegmentationScores & { readonly matching: ClusterMatching }

/**
 * Scores of steps found without labels: `predicted` holds clusters, which are matched to classes first, then scored as
 * labels are. Throws `labels_misaligned`.
 */
export function clusteringScores(
  sequences: readonly FrameLabels[],
  matching: ClusterMatching,
  ignored: readonly number[],
): ClusteringScores {
  checkAligned(sequences)
  return { matching, ...segmentationScores(matchClusters[matching](sequences), ignored) }
}
