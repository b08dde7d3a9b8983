import { sameShape, type Tensor, type TensorOf, toNumbers } from '@takt/graph'
import { int64s } from '../int64s.ts'
import type { Call } from '../lowered.ts'
import type { Fuse } from './fusion.ts'

interface PackedAttention {
  /** Queries, keys and values side by side: [batch·tokens, 3·heads·headDim], or of any shape with these elements. */
  readonly packed: Tensor
  readonly scale: number
  /** [batch, tokens, 3, heads, headDim] */
  readonly shape: readonly [number, number, number, number, number]
}

/** softmax(scale·Q·Kᵀ)·V of packed queries, keys and values as ONNX's Attention, which transposes none of them. */
export const fuseAttention: Fuse = tensor => {
  const found = tensor.operator === 'reshape' ? matchAttention(tensor.inputs[0]) : undefined
  if (!found) return undefined
  const { packed, scale, shape } = found
  const [batch, tokens, three, heads, headDim] = shape
  return {
    inputs: [packed],
    lower: ({ inputs: [source = ''], output }) => {
      const part = (role: string) => `${output}.${role}`
      const parts = [part('query'), part('key'), part('value')]
      const sideBySide: Call = {
        type: 'Reshape',
        inputs: [source, part('packedShape')],
        outputs: [part('packed')],
        attributes: {},
      }
      const split: Call = {
        type: 'Split',
        inputs: [part('packed')],
        outputs: parts,
        attributes: { axis: 2, num_outputs: three },
      }
      const attend: Call = {
        type: 'Attention',
        inputs: parts,
        outputs: [part('attended')],
        attributes: { q_num_heads: heads, kv_num_heads: heads, scale: { real: scale } },
      }
      const reshape: Call = {
        type: 'Reshape',
        inputs: [part('attended'), part('shape')],
        outputs: [output],
        attributes: {},
      }
      return {
        calls: [sideBySide, split, attend, reshape],
        initializers: [
          { name: part('packedShape'), value: int64s([batch, tokens, three * heads * headDim]) },
          { name: part('shape'), value: int64s(tensor.shape) },
        ],
      }
    },
  }
}

/** Attention as heads side by side again, [batch, tokens, heads, headDim], from the outside inwards. */
function matchAttention(merged: Tensor): PackedAttention | undefined {
  const attended = transposed(merged, [0, 2, 1, 3])
  if (attended?.operator !== 'matmul') return undefined
  const [weights, value] = attended.inputs
  if (weights.operator !== 'softmax' || weights.attributes.axis !== 3) return undefined
  const [scores] = weights.inputs
  if (scores.operator !== 'matmul') return undefined
  const [scaled, keyColumns] = scores.inputs
  if (scaled.operator !== 'mul') return undefined
  const [query, factor] = scaled.inputs
  const key = transposed(keyColumns, [0, 1, 3, 2])
  if (!key || factor.operator !== 'constant' || factor.shape.length > 0) return undefined

  const heads = partOf(query, 0)
  const split = heads && transposed(heads, [2, 0, 3, 1, 4])
  if (split?.operator !== 'reshape' || partOf(key, 1) !== heads || partOf(value, 2) !== heads) return undefined
  const [scale] = toNumbers(factor.attributes.value)
  return { packed: split.inputs[0], scale: scale!, shape: split.shape as PackedAttention['shape'] }
}

function transposed(tensor: Tensor, permutation: readonly number[]): Tensor | undefined {
  if (tensor.operator !== 'transpose' || !sameShape(tensor.attributes.permutation, permutation)) return undefined
  return tensor.inputs[0]
}

/** What a tensor is element `i` of, along the first of five axes. */
function partOf(tensor: Tensor, i: number): Tensor | undefined {
  if (tensor.operator !== 'reshape' || !isSlice(tensor.inputs[0])) return undefined
  const { inputs, attributes } = tensor.inputs[0]
  const isPart = attributes.axis === 0 && attributes.start === i && attributes.end === i + 1
  return isPart && inputs[0].shape.length === 5 ? inputs[0] : undefined
}

function isSlice(tensor: Tensor): tensor is TensorOf<'slice'> & Tensor {
  return tensor.operator === 'slice'
}
