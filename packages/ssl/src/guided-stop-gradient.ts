import {
  add,
  argmax,
  concat,
  mean,
  mul,
  neg,
  oneHot,
  reshape,
  scalarOf,
  slice,
  stopGradient,
  sub,
  sum,
  type Tensor,
} from '@takt/graph'
import type { Predicted } from './joint-embedding.ts'

/*
 * Guided stop-gradient: Lee & Lee, "Implicit Contrastive Representation Learning with Guided Stop-gradient", NeurIPS
 * 2023. Each clip has another one as its reference. Of the four pairs of a view of the one and a view of the other, the
 * nearest two projections are the ones that are moved, each towards its own clip's other view and so away from the other
 * clip; the gradient of the views that they are moved to is stopped.
 *
 *     dᵃᵇ = ‖z₁ᵃ − z₂ᵇ‖        a, b ∈ {1, 2}: views of the clip, 1, and of its reference, 2
 *     L = ½·D(p₁ᵃ, stopgrad(z₁ᵃ′)) + ½·D(p₂ᵇ, stopgrad(z₂ᵇ′))        of the least dᵃᵇ; a′, b′ are the other views
 *
 * The reference of a clip is here the next one of the batch.
 */

/** L, a scalar, with a method's own D: [groups, batch]. */
export function guidedStopGradient({ predicted, projected }: Predicted, d: (p: Tensor, z: Tensor) => Tensor): Tensor {
  const towards = [d(predicted[0], stopGradient(projected[1])), d(predicted[1], stopGradient(projected[0]))] as const
  const pairs = [0, 1].flatMap(a => [0, 1].map(b => [a, b] as const))
  const distances = pairs.map(([a, b]) => squaredDistances(projected[a]!, next(projected[b]!)))
  const nearest = oneHot(argmax(neg(stacked(distances))), pairs.length)
  const losses = stacked(pairs.map(([a, b]) => add(towards[a]!, next(towards[b]!))))
  const chosen = sum(mul(losses, nearest), [2])
  return mul(mean(chosen, [0, 1]), scalarOf(chosen, 0.5))
}

/** The least distance is that of the least square: [groups, batch]. */
function squaredDistances(a: Tensor, b: Tensor): Tensor {
  const difference = sub(a, b)
  return sum(mul(difference, difference), [2])
}

/** Each clip's reference at its place: [groups, batch, …] → the same. */
function next(x: Tensor): Tensor {
  const batch = x.shape[1]!
  return concat([slice(x, { axis: 1, start: 1, end: batch }), slice(x, { axis: 1, start: 0, end: 1 })], 1)
}

function stacked(parts: readonly Tensor[]): Tensor {
  return concat(
    parts.map(part => reshape(part, [...part.shape, 1])),
    2,
  )
}
