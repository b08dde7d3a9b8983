import { makeTensor, refuse } from '../make-tensor.ts'
import { reduceTo } from '../reduce-to.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { type Shape, sameShape } from '../tensor-value.ts'
import { broadcastShapes } from './broadcast.ts'
import { requireSizes } from './leaf.ts'

export const expandRule: Rule<'expand'> = {
  type: ([x], { shape }) => {
    requireSizes('expand', shape)
    const stretched = broadcastShapes(x.shape, shape)
    if (!stretched || !sameShape(stretched, shape)) {
      refuse('expand', [x], `[${x.shape.join(', ')}] does not stretch to [${shape.join(', ')}]`)
    }
    return { dtype: x.dtype, shape }
  },
  gradient: (d, { inputs: [x] }) => [reduceTo(d, x.shape)],
}

/** y = x repeated along missing axes and along those of size 1 until it has `shape`. */
export function expand(x: Tensor, shape: Shape): Tensor {
  return makeTensor('expand', expandRule, [x], { shape })
}
