import { makeTensor, refuse } from '../make-tensor.ts'
import type { Operator, Rule, Tensor } from '../tensor.ts'
import { sameShape } from '../tensor-value.ts'
import { resolveAxis } from './axis.ts'
import { requireFloats } from './float.ts'
import { requireSizes } from './leaf.ts'
import { transpose } from './transpose.ts'

// Gathering and adding up are adjoint: each is the other's gradient, so they share a file.

export const gatherRule: Rule<'gather'> = {
  type: ([x, indices], { axis }) => {
    requireIndices('gather', [x, indices], indices)
    return { dtype: x.dtype, shape: x.shape.toSpliced(axis, 1, ...indices.shape) }
  },
  // Along the first axis the gradient is a scatter; another axis is brought to the front for it, and back.
  gradient: (d, { inputs: [x, indices], attributes: { axis, distinct } }) => {
    const gathered = [...indices.shape.keys()].map(i => axis + i)
    const scattered = scatterAdd(axesFirst(d, gathered), indices, { size: x.shape[axis]!, distinct })
    return [axis === 0 ? scattered : transpose(scattered, backTo(axis, x.shape.length)), undefined]
  },
}

function axesFirst(d: Tensor, axes: readonly number[]): Tensor {
  if (axes[0] === 0 || axes.length === 0) return d
  return transpose(d, [...axes, ...[...d.shape.keys()].filter(axis => !axes.includes(axis))])
}

/** The permutation that takes the first of `rank` axes to `axis`. */
function backTo(axis: number, rank: number): readonly number[] {
  return Array.from({ length: rank }, (_, i) => (i === axis ? 0 : i < axis ? i + 1 : i))
}

interface GatherOptions {
  /** The first by default. */
  readonly axis?: number
  /** Promises that no index occurs twice, which makes the gradient many times as fast. */
  readonly distinct?: boolean
}

/** y[…, i…, …] = x[…, indices[i…], …] along `axis`: the axis is replaced by those of the indices, which are int64. */
export function gather(x: Tensor, indices: Tensor, { axis = 0, distinct = false }: GatherOptions = {}): Tensor {
  return makeTensor('gather', gatherRule, [x, indices], { axis: resolveAxis('gather', x, axis), distinct })
}

export const scatterAddRule: Rule<'scatterAdd'> = {
  type: ([updates, indices], { size }) => {
    requireFloats('scatterAdd', [updates])
    requireIndices('scatterAdd', [updates, indices], indices)
    requireSizes('scatterAdd', [size], [updates, indices])
    const rank = indices.shape.length
    if (!sameShape(updates.shape.slice(0, rank), indices.shape)) {
      refuse('scatterAdd', [updates, indices], `updates do not start with the indices' [${indices.shape.join(', ')}]`)
    }
    return { dtype: updates.dtype, shape: [size, ...updates.shape.slice(rank)] }
  },
  gradient: (d, { inputs: [, indices], attributes: { distinct } }) => [gather(d, indices, { distinct }), undefined],
}

interface ScatterAddOptions {
  /** Rows of the result. */
  readonly size: number
  /** As for `gather`. */
  readonly distinct?: boolean
}

/** y[j] = Σ updates[i…] over all i… with indices[i…] = j; rows that no index names are zero. */
export function scatterAdd(updates: Tensor, indices: Tensor, { size, distinct = false }: ScatterAddOptions): Tensor {
  return makeTensor('scatterAdd', scatterAddRule, [updates, indices], { size, distinct })
}

function requireIndices(operator: Operator, operands: readonly Tensor[], indices: Tensor): void {
  if (indices.dtype !== 'int64') refuse(operator, operands, `indices are ${indices.dtype}, not int64`)
}
