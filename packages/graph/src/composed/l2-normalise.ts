import { div } from '../ops/div.ts'
import { maximum } from '../ops/maximum.ts'
import { mul } from '../ops/mul.ts'
import { scalarOf } from '../ops/scalar.ts'
import { sqrt } from '../ops/sqrt.ts'
import { sum } from '../ops/sum-and-expand.ts'
import type { Tensor } from '../tensor.ts'

/** Below this length a vector is divided by it instead of its own, and a zero vector has a finite gradient. */
const SHORTEST = 1e-12

/** y = x / max(‖x‖₂, 1e-12) along `axis`, the last one by default. */
export function l2Normalise(x: Tensor, axis = -1): Tensor {
  const squares = sum(mul(x, x), [axis], { keepAxes: true })
  return div(x, sqrt(maximum(squares, scalarOf(x, SHORTEST ** 2))))
}
