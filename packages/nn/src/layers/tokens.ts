import { add, concat, constant, expand, gather, reshape, slice, type Tensor, tensorValue } from '@takt/graph'

/** Learnt tokens [count, dim] before each sequence: [batch, tokens, dim] → [batch, count + tokens, dim]. */
export function prependTokens(learnt: Tensor, x: Tensor): Tensor {
  const [batch] = x.shape as [number]
  return concat([expand(learnt, [batch, ...learnt.shape]), x], 1)
}

/** Each sequence without its first `count` tokens: [batch, tokens, dim] → [batch, tokens − count, dim]. */
export function dropTokens(x: Tensor, count: number): Tensor {
  return slice(x, { axis: 1, start: count, end: x.shape[1]! })
}

/**
 * Some of each sequence's rows: x [batch·tokens, …] and `indices` int64 [batch, kept], below `tokens`, none twice in a
 * sequence → [batch·kept, …].
 */
export function gatherTokens(x: Tensor, indices: Tensor, tokens: number): Tensor {
  const [batch, kept] = indices.shape as [number, number]
  const firstRows = Array.from({ length: batch }, (_, i) => i * tokens)
  const rows = add(indices, constant(tensorValue({ dtype: 'int64', shape: [batch, 1] }, firstRows)))
  return gather(x, reshape(rows, [batch * kept]), { distinct: true })
}
