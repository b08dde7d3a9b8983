import { concat, reshape, slice, type Tensor } from '@takt/graph'

/** More clips of a step than these tell a watcher no more. */
const MOST_CLIPS = 16

/** Features of one view of each clip, or of two, [batch, times, places, dim], as a run collects them: [views, clips, …]. */
export function watchedFeatures(views: readonly Tensor[]): Tensor {
  return concat(
    views.map(features => {
      const few = slice(features, { axis: 0, start: 0, end: Math.min(MOST_CLIPS, features.shape[0]!) })
      return reshape(few, [1, ...few.shape])
    }),
    0,
  )
}
