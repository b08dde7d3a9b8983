import { add } from './ops/add.ts'
import { concat } from './ops/concat.ts'
import type { Tensor, TensorOf } from './tensor.ts'

/** The sum of one or more gradients by the same tensor. */
export function accumulate(parts: readonly Tensor[]): Tensor {
  return joinPads(parts) ?? parts.reduce(add)
}

/**
 * Slices that split a tensor leave pads that fill its axis side by side: one concatenation instead of sums of zeros.
 * Attention's queries, keys and values are cut from one product in this way.
 */
function joinPads(parts: readonly Tensor[]): Tensor | undefined {
  const pads = parts.filter(isPad).toSorted((a, b) => a.attributes.before - b.attributes.before)
  const [first] = pads
  if (!first || pads.length === 1 || pads.length < parts.length) return undefined
  const { axis } = first.attributes
  let filled = 0
  for (const { inputs, attributes } of pads) {
    if (attributes.axis !== axis || attributes.before !== filled) return undefined
    filled += inputs[0].shape[axis]!
  }
  if (filled !== first.shape[axis]) return undefined
  return concat(
    pads.map(({ inputs: [x] }) => x),
    axis,
  )
}

function isPad(tensor: Tensor): tensor is TensorOf<'pad'> {
  return tensor.operator === 'pad'
}
