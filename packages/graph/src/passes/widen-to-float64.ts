import { cast } from '../ops/cast.ts'
import { constant } from '../ops/constant.ts'
import { input } from '../ops/input.ts'
import { parameter } from '../ops/parameter.ts'
import type { Graph, Tensor } from '../tensor.ts'
import { tensorValue, toNumbers } from '../tensor-value.ts'
import { rewriteGraph } from './rewrite-graph.ts'

/** The same computation in float64 wherever it was in float32, leaves and constants included: for verification. */
export function widenToFloat64(graph: Graph): Graph {
  return rewriteGraph(graph, () => widen)
}

function widen(tensor: Tensor): Tensor {
  if (tensor.dtype !== 'float32') return tensor
  const { shape } = tensor
  switch (tensor.operator) {
    case 'input':
      return input(tensor.attributes.name, { dtype: 'float64', shape })
    case 'parameter':
      return parameter(tensor.attributes.name, { dtype: 'float64', shape })
    case 'constant':
      return constant(tensorValue({ dtype: 'float64', shape }, toNumbers(tensor.attributes.value)))
    case 'cast':
      return cast(tensor.inputs[0], 'float64')
    default:
      return tensor
  }
}
