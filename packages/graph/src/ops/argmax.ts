import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { resolveAxis } from './axis.ts'
import { floatType } from './float.ts'

export const argmaxRule: Rule<'argmax'> = {
  type: ([x], { axis }) => ({ dtype: 'int64', shape: floatType('argmax', x).shape.toSpliced(axis, 1) }),
  gradient: 'none',
}

/** y = where x is largest along `axis`, the first such place; int64, without the axis. */
export function argmax(x: Tensor, axis = -1): Tensor {
  return makeTensor('argmax', argmaxRule, [x], { axis: resolveAxis('argmax', x, axis) })
}
