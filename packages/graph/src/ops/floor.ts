import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { floatType } from './float.ts'

export const floorRule: Rule<'floor'> = {
  type: ([x]) => floatType('floor', x),
  gradient: 'none',
}

/** y = the largest whole number that is not above x, element by element. */
export function floor(x: Tensor): Tensor {
  return makeTensor('floor', floorRule, [x], {})
}
