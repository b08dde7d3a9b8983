import {
  abs,
  add,
  exp,
  type Graph,
  minimum,
  mul,
  neg,
  type Operator,
  rewriteGraph,
  scalarOf,
  sign,
  type Tensor,
} from '@takt/graph'

/** Operators for which ONNX Runtime 1.30 has no float64 kernel, by others that have one. */
const inFloat64: { readonly [O in Operator]?: (x: Tensor) => Tensor } = {
  erf: erfSeries,
  gelu: x => mul(mul(x, scalarOf(x, 0.5)), add(erfSeries(mul(x, scalarOf(x, Math.SQRT1_2))), scalarOf(x, 1))),
}

/** The same graph with the operators that the runtime lacks kernels for written out. */
export function expandMissingKernels(graph: Graph): Graph {
  const isMissing = ({ operator, dtype }: Tensor) => dtype === 'float64' && Object.hasOwn(inFloat64, operator)
  return rewriteGraph(
    graph,
    () => tensor => (isMissing(tensor) ? inFloat64[tensor.operator]!(tensor.inputs[0]!) : tensor),
  )
}

/** erf(6) differs from 1 by 2e-17; beyond it the series would need more terms. */
const BOUND = 6
/** At the bound the first term left out is 1e-17 of the sum. */
const TERMS = 150

/** erf(x) = 2x/√π · exp(−x²) · Σₙ (2x²)ⁿ/(2n + 1)!!, without cancellation: Abramowitz & Stegun, 7.1.6. */
function erfSeries(x: Tensor): Tensor {
  const size = minimum(abs(x), scalarOf(x, BOUND))
  const square = mul(size, size)
  let series = scalarOf(x, 1)
  for (let n = TERMS; n >= 1; n--) series = add(mul(mul(square, scalarOf(x, 2 / (2 * n + 1))), series), scalarOf(x, 1))
  const scale = mul(sign(x), mul(size, scalarOf(x, 2 / Math.sqrt(Math.PI))))
  return mul(mul(scale, exp(neg(square))), series)
}
