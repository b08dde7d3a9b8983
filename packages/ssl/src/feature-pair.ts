import { concat, reshape, type Tensor } from '@takt/graph'

/** Features of two views of each clip [batch, times, places, dim], as a run collects them: [2, batch, times, places, dim]. */
export function featurePair(views: readonly [Tensor, Tensor]): Tensor {
  return concat(
    views.map(features => reshape(features, [1, ...features.shape])),
    0,
  )
}
