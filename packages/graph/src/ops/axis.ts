import { refuse } from '../make-tensor.ts'
import type { Operator, Tensor } from '../tensor.ts'

/** An axis counted from the front; negative ones count from the back. */
export function resolveAxis(operator: Operator, x: Tensor, axis: number): number {
  const rank = x.shape.length
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    refuse(operator, [x], `axis ${axis} is not one of the ${rank} axes`)
  }
  return axis < 0 ? axis + rank : axis
}
