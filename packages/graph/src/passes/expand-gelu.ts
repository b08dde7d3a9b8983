import { normalDistribution } from '../ops/gelu.ts'
import { mul } from '../ops/mul.ts'
import type { Graph } from '../tensor.ts'
import { rewriteGraph } from './rewrite-graph.ts'

/**
 * The same graph with gelu(x) as x · Φ(x). Its gradient needs Φ(x) anyway, and once subexpressions are shared both use
 * one; the runtime's own `Gelu`, which keeps Φ to itself, pays only where there is no gradient.
 */
export function expandGelu(graph: Graph): Graph {
  return rewriteGraph(graph, () => tensor => {
    if (tensor.operator !== 'gelu') return tensor
    const [x] = tensor.inputs
    return mul(x, normalDistribution(x))
  })
}
