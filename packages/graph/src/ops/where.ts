import { makeTensor, refuse } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { isFloat } from '../tensor-value.ts'
import { broadcastShapes, broadcastType } from './broadcast.ts'
import { scalarOf } from './scalar.ts'
import { reduceTo } from './sum-and-expand.ts'

export const whereRule: Rule<'where'> = {
  type: ([condition, a, b]) => {
    if (condition.dtype !== 'bool') refuse('where', [condition, a, b], `condition is ${condition.dtype}, not bool`)
    const { dtype, shape: branches } = broadcastType('where', a, b)
    const shape = broadcastShapes(condition.shape, branches)
    if (!shape)
      refuse(
        'where',
        [condition, a, b],
        `[${condition.shape.join(', ')}] and [${branches.join(', ')}] do not broadcast`,
      )
    return { dtype, shape }
  },
  gradient: (d, { inputs: [condition, a, b] }) => {
    if (!isFloat(a.dtype)) return [undefined, undefined, undefined]
    const zero = scalarOf(d, 0)
    return [undefined, reduceTo(where(condition, d, zero), a.shape), reduceTo(where(condition, zero, d), b.shape)]
  },
}

/** y = a where the condition holds, else b; element by element, broadcasting. */
export function where(condition: Tensor, a: Tensor, b: Tensor): Tensor {
  return makeTensor('where', whereRule, [condition, a, b], {})
}
