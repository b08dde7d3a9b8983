import { refuse } from '../make-tensor.ts'
import type { Attributes, Operator, Tensor } from '../tensor.ts'
import type { Shape, TensorType } from '../tensor-value.ts'
import { resolveAxis } from './axis.ts'
import { floatType } from './float.ts'

export interface ReductionOptions {
  /** Leave the reduced axes behind as sizes of 1, so that the result broadcasts with what was reduced. */
  readonly keepAxes?: boolean
}

/** Attributes of a reduction: axes from the front, the last ones given by negative numbers. */
export function reduction(
  operator: Operator,
  x: Tensor,
  axes: readonly number[],
  { keepAxes = false }: ReductionOptions,
): Attributes<'sum'> {
  return { axes: axes.map(axis => resolveAxis(operator, x, axis)), keepAxes }
}

export function reducedType(operator: Operator, x: Tensor, { axes, keepAxes }: Attributes<'sum'>): TensorType {
  if (axes.length === 0 || new Set(axes).size !== axes.length) {
    refuse(operator, [x], `axes [${axes.join(', ')}] must be one or more, each once`)
  }
  const { dtype } = floatType(operator, x)
  const shape = keepAxes ? withOnes(x, axes) : x.shape.filter((_, axis) => !axes.includes(axis))
  return { dtype, shape }
}

/** x's shape with sizes of 1 for the axes that are reduced. */
export function withOnes(x: Tensor, axes: readonly number[]): Shape {
  return x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
}
