import {
  add,
  argmax,
  constant,
  float32,
  l2Normalise,
  log,
  matmul,
  mean,
  mul,
  neg,
  oneHot,
  scalarOf,
  sqrt,
  sub,
  sum,
  swapLastAxes,
  type Tensor,
} from '@takt/graph'

/** Keeps a distance and its logarithm finite: the authors'. */
const EPSILON = 1e-8

/**
 * The spread of features by Kozachenko & Leonenko's entropy: Sablayrolles et al., "Spreading vectors for similarity
 * search", ICLR 2019, as DINOv2 has it.
 *
 *     L = − 1/B · Σᵢ log min_{j ≠ i} ‖x̂ᵢ − x̂ⱼ‖        x̂: of length 1
 *
 * A scalar, of features [groups, batch, dim]: nearest neighbours are of one group.
 */
export function koLeo(features: Tensor): Tensor {
  const x = l2Normalise(features)
  const batch = x.shape[1]!
  const self = Array.from({ length: batch ** 2 }, (_, i) => (i % (batch + 1) === 0 ? -2 : 0))
  const cosines = add(matmul(x, swapLastAxes(x)), constant(float32([batch, batch], self)))
  const neighbours = matmul(oneHot(argmax(cosines), batch), x)
  const apart = add(sub(x, neighbours), scalarOf(x, EPSILON))
  const distances = sqrt(sum(mul(apart, apart), [2]))
  return neg(mean(log(add(distances, scalarOf(distances, EPSILON))), [0, 1]))
}
