import { add, div, minimum, mul, scalarOf, sqrt, type Tensor } from '@takt/graph'
import { mapNamed, type Named } from '../named.ts'
import { sumOfSquares } from './sum-of-squares.ts'

/** Keeps the quotient finite where all gradients are zero: PyTorch's. */
const EPSILON = 1e-6

interface Clipped {
  readonly gradients: Named<Tensor>
  /** Length of all gradients together before clipping, a scalar; it is not finite if any of them is not. */
  readonly norm: Tensor
}

/** ‖all gradients‖, a scalar. */
export function globalNorm(gradients: Named<Tensor>): Tensor {
  return sqrt(Object.values(gradients).map(sumOfSquares).reduce(add))
}

/** g ← g · min(1, limit / (‖all gradients‖ + 1e-6)): Pascanu, Mikolov & Bengio, 2013. */
export function clipByGlobalNorm(gradients: Named<Tensor>, limit: number): Clipped {
  const norm = globalNorm(gradients)
  const shrink = div(scalarOf(norm, limit), add(norm, scalarOf(norm, EPSILON)))
  const factor = minimum(shrink, scalarOf(norm, 1))
  return { gradients: mapNamed(gradients, g => mul(g, factor)), norm }
}
