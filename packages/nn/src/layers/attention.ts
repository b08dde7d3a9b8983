import { add, matmul, mul, reshape, scalar, slice, softmax, type Tensor, transpose } from '@takt/graph'
import { below, type Leaf } from '../parameters.ts'
import { declareLinear, type Linear, linear } from './linear.ts'
import { type Rotation, rotate } from './rotation.ts'

/** Queries, keys and values in one layer, in this order; then the projection back. */
export interface Attention<T> {
  readonly qkv: Linear<T>
  readonly projection: Linear<T>
}

export function declareAttention<T>(leaf: Leaf<T>, dim: number): Attention<T> {
  return {
    qkv: declareLinear(below('qkv', leaf), dim, 3 * dim),
    projection: declareLinear(below('projection', leaf), dim, dim),
  }
}

/** How rows are tokens: `batch` sequences of `tokens` rows each, attended in `heads` parts. */
export interface Sequences {
  readonly batch: number
  readonly tokens: number
  readonly heads: number
  /** Added to the scores of each key, [batch, 1, 1, tokens]; far below 0 for one that is not to be seen. */
  readonly keyBias?: Tensor
  /** By which queries and keys are turned, where their angle says where they are. */
  readonly rotation?: Rotation | undefined
}

/** softmax(Q·Kᵀ / √(dim/heads))·V for each head, then the projection: [batch·tokens, dim] → the same. */
export function attention(
  { qkv, projection }: Attention<Tensor>,
  x: Tensor,
  { batch, tokens, heads, keyBias, rotation }: Sequences,
): Tensor {
  const dim = x.shape[1]!
  const headDim = dim / heads
  // [batch·tokens, 3·dim] → [3, batch, heads, tokens, headDim]
  const packed = transpose(reshape(linear(qkv, x), [batch, tokens, 3, heads, headDim]), [2, 0, 3, 1, 4])
  const part = (i: number) => reshape(slice(packed, { axis: 0, start: i, end: i + 1 }), [batch, heads, tokens, headDim])
  const turned = (x: Tensor) => (rotation ? rotate(rotation, x) : x)
  const [query, key, value] = [turned(part(0)), turned(part(1)), part(2)]

  const scaledQuery = mul(query, scalar(1 / Math.sqrt(headDim)))
  const scores = matmul(scaledQuery, transpose(key, [0, 1, 3, 2]))
  const weights = softmax(keyBias ? add(scores, keyBias) : scores)
  const attended = transpose(matmul(weights, value), [0, 2, 1, 3])
  return linear(projection, reshape(attended, [batch * tokens, dim]))
}
