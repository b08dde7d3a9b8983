import { mul } from '../ops/mul.ts'
import { sum } from '../ops/sum-and-expand.ts'
import { isSwapOfLastAxes } from '../ops/transpose.ts'
import type { Graph, Tensor, TensorOf } from '../tensor.ts'
import { sameShape } from '../tensor-value.ts'
import { rewriteGraph } from './rewrite-graph.ts'

/**
 * Σⱼ (d·vᵀ)ᵢⱼ · pᵢⱼ = Σₖ dᵢₖ · (p·v)ᵢₖ, where p·v is there already. This is the row sum in the gradient of attention's
 * softmax p: over the width of a head instead of over all tokens. Dao et al., 2022 (FlashAttention), equation 4.
 */
export function shortenRowSums(graph: Graph): Graph {
  return rewriteGraph(graph, () => {
    const products: TensorOf<'matmul'>[] = []
    return tensor => {
      if (tensor.operator === 'matmul') products.push(tensor)
      return tensor.operator === 'sum' ? (shorter(tensor, products) ?? tensor) : tensor
    }
  })
}

function shorter(
  { inputs: [weighted], attributes: { axes, keepAxes } }: TensorOf<'sum'>,
  products: readonly TensorOf<'matmul'>[],
): Tensor | undefined {
  const isRowSum = axes.length === 1 && axes[0] === weighted.shape.length - 1
  if (!isRowSum || weighted.operator !== 'mul') return undefined
  const [a, b] = weighted.inputs
  return shorterOf(a, b, products, { axes, keepAxes }) ?? shorterOf(b, a, products, { axes, keepAxes })
}

function shorterOf(
  product: Tensor,
  p: Tensor,
  products: readonly TensorOf<'matmul'>[],
  { axes, keepAxes }: TensorOf<'sum'>['attributes'],
): Tensor | undefined {
  if (product.operator !== 'matmul') return undefined
  const [d, turned] = product.inputs
  if (!isSwapOfLastAxes(turned)) return undefined
  const [v] = turned.inputs
  const known = products.find(({ inputs: [x, y] }) => x === p && y === v) as Tensor | undefined
  return known && sameShape(known.shape, d.shape) ? sum(mul(d, known), axes, { keepAxes }) : undefined
}
