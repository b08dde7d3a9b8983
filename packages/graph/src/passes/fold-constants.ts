import { constant } from '../ops/constant.ts'
import type { Graph, Operator, Tensor, TensorOf } from '../tensor.ts'
import { elementCount, tensorValue, toNumbers } from '../tensor-value.ts'
import { rewriteGraph } from './rewrite-graph.ts'

/** Larger results stay computed: a graph with them as constants would be larger, not faster. */
const FOLDED = 64

/** Exact: one of these in float64, rounded once, is what float32 arithmetic gives (Figueroa, 1995). */
const folds: { readonly [O in Operator]?: (a: number, b: number) => number } = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  neg: a => -a,
  sqrt: a => Math.sqrt(a),
  reshape: a => a,
}

/** The same graph where arithmetic on small float32 and float64 constants is done; the results are the same bits. */
export function foldConstants(graph: Graph): Graph {
  return rewriteGraph(graph, () => fold)
}

function fold(tensor: Tensor): Tensor {
  const { operator, dtype, shape } = tensor
  const inputs: readonly Tensor[] = tensor.inputs
  const apply = folds[operator]
  const count = elementCount(shape)
  if (!apply || count > FOLDED || (dtype !== 'float32' && dtype !== 'float64') || !inputs.every(isConstant)) {
    return tensor
  }
  const [a, b = a] = inputs.map(input => toNumbers(input.attributes.value))
  const broadcasts = [a!, b!].some(({ length }) => length !== 1 && length !== count)
  if (broadcasts) return tensor
  const numbers = Array.from({ length: count }, (_, i) => apply(elementOf(a!, i), elementOf(b!, i)))
  return constant(tensorValue({ dtype, shape }, numbers))
}

function elementOf(numbers: readonly number[], i: number): number {
  return numbers[numbers.length === 1 ? 0 : i]!
}

function isConstant(tensor: Tensor): tensor is TensorOf<'constant'> {
  return tensor.operator === 'constant'
}
