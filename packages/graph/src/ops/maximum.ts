import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { broadcastType } from './broadcast.ts'
import { less } from './less.ts'
import { scalarOf } from './scalar.ts'
import { reduceTo } from './sum-and-expand.ts'
import { where } from './where.ts'

export const maximumRule: Rule<'maximum'> = {
  type: ([a, b]) => broadcastType('maximum', a, b),
  // The larger operand takes all of d; where they are equal, a does.
  gradient: (d, { inputs: [a, b] }) => {
    const isB = less(a, b)
    const zero = scalarOf(d, 0)
    return [reduceTo(where(isB, zero, d), a.shape), reduceTo(where(isB, d, zero), b.shape)]
  },
}

/** y = max(a, b), element by element, broadcasting. */
export function maximum(a: Tensor, b: Tensor): Tensor {
  return makeTensor('maximum', maximumRule, [a, b], {})
}
