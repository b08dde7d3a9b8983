import { reshape } from './ops/reshape.ts'
import { sum } from './ops/sum.ts'
import type { Tensor } from './tensor.ts'
import { type Shape, sameShape } from './tensor-value.ts'

/** Sums d over the axes along which `shape` was stretched to d's: the gradient of broadcasting, for every operator. */
export function reduceTo(d: Tensor, shape: Shape): Tensor {
  if (sameShape(d.shape, shape)) return d
  const missing = d.shape.length - shape.length
  const stretched = [...d.shape.keys()].filter(axis => axis < missing || shape[axis - missing] !== d.shape[axis])
  const reduced = stretched.length > 0 ? sum(d, stretched) : d
  return reshape(reduced, shape)
}
