import type { FrameLabels } from './frame-labels.ts'
import { hungarian } from './hungarian.ts'

/** One matching for all sequences, or one for each: the second is far easier, and the two are never compared. */
export type ClusterMatching = 'global' | 'per-video'

/**
 * The same sequences with each cluster named for the class that it is matched to: one to one, so that most frames agree
 * (Hungarian; the background is a class like any other). A cluster without a class, or that shares no frame with it,
 * keeps a label of its own that is no class. `truth` holds classes, `predicted` clusters, all of them 0 or more.
 */
export const matchClusters: Readonly<
  Record<ClusterMatching, (sequences: readonly FrameLabels[]) => readonly FrameLabels[]>
> = {
  global: matchTogether,
  'per-video': sequences => {
    const firstFree = 1 + largestClass(sequences)
    return sequences.flatMap(sequence => matchTogether([sequence], firstFree))
  },
}

const largestClass = (sequences: readonly FrameLabels[]): number =>
  sequences.reduce((largest, { truth }) => truth.reduce((a, b) => Math.max(a, b), largest), -1)

function matchTogether(
  sequences: readonly FrameLabels[],
  firstFree = 1 + largestClass(sequences),
): readonly FrameLabels[] {
  const clusters = [...new Set(sequences.flatMap(({ predicted }) => [...new Set(predicted)]))].sort((a, b) => a - b)
  const rowOf = new Map(clusters.map((cluster, row) => [cluster, row]))
  const shared = sharedFrames(sequences, rowOf, firstFree)
  const assigned = hungarian({ rows: clusters.length, columns: firstFree, values: shared.map(frames => -frames) })
  const labelOf = (cluster: number): number => {
    const row = rowOf.get(cluster)!
    const column = assigned[row]!
    return column >= 0 && shared[row * firstFree + column]! > 0 ? column : firstFree + row
  }
  return sequences.map(({ truth, predicted }) => ({ truth, predicted: predicted.map(labelOf) }))
}

/** Frames of each cluster in each class, `[cluster, class]`. */
function sharedFrames(
  sequences: readonly FrameLabels[],
  rowOf: ReadonlyMap<number, number>,
  classes: number,
): Float64Array {
  const shared = new Float64Array(rowOf.size * classes)
  for (const { truth, predicted } of sequences) {
    for (const [frame, label] of truth.entries()) shared[rowOf.get(predicted[frame]!)! * classes + label]! += 1
  }
  return shared
}
