import { makeTensor } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { div } from './div.ts'
import { floatType } from './float.ts'

export const logRule: Rule<'log'> = {
  type: ([x]) => floatType('log', x),
  gradient: (d, { inputs: [x] }) => [div(d, x)],
}

/** y = ln x, element by element. */
export function log(x: Tensor): Tensor {
  return makeTensor('log', logRule, [x], {})
}
