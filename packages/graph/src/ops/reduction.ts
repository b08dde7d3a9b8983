import { refuse } from '../make-tensor.ts'
import type { Attributes, Operator, Tensor } from '../tensor.ts'
import type { TensorType } from '../tensor-value.ts'
import { resolveAxis } from './axis.ts'
import { expand } from './expand.ts'
import { floatType } from './float.ts'
import { reshape } from './reshape.ts'

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

/** A reduction's result, or its gradient, stretched over what was reduced. */
export function overReduced(y: Tensor, x: Tensor, { axes, keepAxes }: Attributes<'sum'>): Tensor {
  return expand(keepAxes ? y : reshape(y, withOnes(x, axes)), x.shape)
}

function withOnes(x: Tensor, axes: readonly number[]): readonly number[] {
  return x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
}
