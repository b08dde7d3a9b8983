import { mul, sum, type Tensor } from '@takt/graph'

/** ‖x‖² over all elements, a scalar. */
export function sumOfSquares(x: Tensor): Tensor {
  const squares = mul(x, x)
  return x.shape.length === 0 ? squares : sum(squares, [...x.shape.keys()])
}
