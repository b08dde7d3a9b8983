import { makeTensor, refuse } from '../make-tensor.ts'
import type { Attributes, Rule, Tensor } from '../tensor.ts'
import { type Shape, sameShape } from '../tensor-value.ts'
import { broadcastShapes } from './broadcast.ts'
import { requireSizes } from './leaf.ts'
import { type ReductionOptions, reducedType, reduction, withOnes } from './reduction.ts'
import { reshape } from './reshape.ts'

// Summing and stretching are adjoint: each is the other's gradient, so they share a file.

export const sumRule: Rule<'sum'> = {
  type: ([x], attributes) => reducedType('sum', x, attributes),
  gradient: (d, { inputs: [x], attributes }) => [overReduced(d, x, attributes)],
}

/** y = Σ x over `axes`. */
export function sum(x: Tensor, axes: readonly number[], options: ReductionOptions = {}): Tensor {
  return makeTensor('sum', sumRule, [x], reduction('sum', x, axes, options))
}

export const expandRule: Rule<'expand'> = {
  type: ([x], { shape }) => {
    requireSizes('expand', shape, [x])
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

/** A reduction's result, or its gradient, stretched over what was reduced. */
export function overReduced(y: Tensor, x: Tensor, { axes, keepAxes }: Attributes<'sum'>): Tensor {
  return expand(keepAxes ? y : reshape(y, withOnes(x, axes)), x.shape)
}

/** Sums d over the axes along which `shape` was stretched to d's: the gradient of broadcasting, for every operator. */
export function reduceTo(d: Tensor, shape: Shape): Tensor {
  if (sameShape(d.shape, shape)) return d
  const missing = d.shape.length - shape.length
  const stretched = [...d.shape.keys()].filter(axis => axis < missing || shape[axis - missing] !== d.shape[axis])
  const reduced = sum(d, stretched, { keepAxes: missing === 0 })
  return sameShape(reduced.shape, shape) ? reduced : reshape(reduced, shape)
}
