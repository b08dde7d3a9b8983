import { broadcastShapes } from '../ops/broadcast.ts'
import { reshape } from '../ops/reshape.ts'
import { transpose } from '../ops/transpose.ts'
import { rebuild } from '../rules.ts'
import type { Graph, Operator, Tensor, TensorOf } from '../tensor.ts'
import { sameShape, sameType, toNumbers } from '../tensor-value.ts'
import { rewriteGraph } from './rewrite-graph.ts'

type Binary = 'add' | 'sub' | 'mul' | 'div' | 'maximum' | 'minimum'

/** What a tensor may be replaced by, to the same bits; undefined to leave it. */
type Simplification<O extends Operator> = (tensor: TensorOf<O>) => Tensor | undefined

const simplifications: { readonly [O in Operator]?: Simplification<O> } = {
  add: withoutExpand,
  sub: y => withoutNeutral(y, 0) ?? withoutExpand(y),
  mul: y => withoutNeutral(y, 1) ?? withoutNeutral(flipped(y), 1) ?? withoutExpand(y),
  div: y => withoutNeutral(y, 1) ?? withoutExpand(y),
  maximum: withoutExpand,
  minimum: withoutExpand,
  neg: ({ inputs: [x] }) => (x.operator === 'neg' ? x.inputs[0] : undefined),
  cast: y => sameAsInput(y),
  expand: y => sameAsInput(y),
  reshape: y => {
    const [x] = y.inputs
    return sameAsInput(y) ?? (x.operator === 'reshape' ? reshape(x.inputs[0], y.shape) : undefined)
  },
  transpose: ({ inputs: [x], attributes: { permutation } }) => {
    if (permutation.every((axis, i) => axis === i)) return x
    if (x.operator !== 'transpose') return undefined
    const inner = x.attributes.permutation
    return transpose(
      x.inputs[0],
      permutation.map(axis => inner[axis]!),
    )
  },
  slice: y => sameAsInput(y),
  pad: y => sameAsInput(y),
  concat: ({ inputs }) => (inputs.length === 1 ? inputs[0] : undefined),
}

/** The same graph without operators that do nothing; every value stays the same to the bit. */
export function simplify(graph: Graph): Graph {
  return rewriteGraph(graph, () => settle)
}

/** One simplification may open the way for another. */
function settle(tensor: Tensor): Tensor {
  const simpler = simplifyOnce(tensor as TensorOf<Operator>)
  return simpler ? settle(simpler) : tensor
}

function simplifyOnce<O extends Operator>(tensor: TensorOf<O>): Tensor | undefined {
  return simplifications[tensor.operator]?.(tensor)
}

function sameAsInput(y: TensorOf<Operator> & Pick<Tensor, 'inputs'>): Tensor | undefined {
  const [x] = y.inputs as readonly Tensor[]
  return x && sameType(x, y) ? x : undefined
}

/** a for a ∘ b where b is the operator's neutral number. x + 0 is left: it turns −0 into 0. */
function withoutNeutral(y: TensorOf<Binary>, neutral: number): Tensor | undefined {
  const [a, b] = y.inputs
  const isNeutral = b.operator === 'constant' && b.shape.length === 0 && toNumbers(b.attributes.value)[0] === neutral
  return isNeutral && sameShape(a.shape, y.shape) ? a : undefined
}

function flipped(y: TensorOf<'mul'>): TensorOf<'mul'> {
  const [a, b] = y.inputs
  return { ...y, inputs: [b, a] }
}

/** An operator that broadcasts needs no operand expanded, as long as the other has the whole shape. */
function withoutExpand<O extends Binary>(y: TensorOf<O>): Tensor | undefined {
  const [a, b] = y.inputs
  const [bareA, bareB] = [bare(a), bare(b)]
  for (const inputs of [
    [bareA, b],
    [a, bareB],
  ] as const) {
    const changed = inputs[0] !== a || inputs[1] !== b
    const shape = broadcastShapes(inputs[0].shape, inputs[1].shape)
    if (changed && shape && sameShape(shape, y.shape)) return rebuild<Binary>(y, inputs)
  }
  return undefined
}

function bare(x: Tensor): Tensor {
  return x.operator === 'expand' ? x.inputs[0] : x
}
