import {
  add,
  elementCount,
  type Graph,
  gemm,
  input,
  isSwapOfLastAxes,
  loop,
  matmul,
  reshape,
  slice,
  swapLastAxes,
  type Tensor,
  type TensorOf,
  traceGraph,
} from '@takt/graph'

type Product = TensorOf<'gemm'> | TensorOf<'matmul'>

const OPERANDS = ['a', 'b', 'c'] as const

/** Products of one form: how often a step makes them, and their cost. */
export interface ProductForm {
  readonly example: Product
  readonly count: number
  /** Of one product; a multiplication with its addition counts as two. */
  readonly flops: number
}

/** The matrix products of a training step, a loop's body included, by operator, shapes and transposition. */
export function productForms(graph: Graph): readonly ProductForm[] {
  const byForm = Map.groupBy(stepTensors(graph).filter(isProduct), describe)
  return [...byForm.values()].map(products => ({
    example: products[0]!,
    count: products.length,
    flops: flopsOf(products[0]!),
  }))
}

/**
 * A graph that makes the products of `steps` steps and nothing else, for the runtime to be timed on: one loop a form,
 * so that no two products are taken for one. State `total` keeps them from being taken for useless.
 */
export function productGraph(forms: readonly ProductForm[], steps: number): Graph {
  const start = input('total', { dtype: 'float32', shape: [] })
  const total = forms.reduce<Tensor>((sum, { example, count }, form) => {
    const leaf = (x: Tensor, i: number) => input(`${OPERANDS[i]}.${form}`, bare(x))
    const fixed = Object.fromEntries(example.inputs.map((x, i) => [OPERANDS[i]!, leaf(x, i)]))
    return loop<'sum', never, string, never>({
      trips: count * steps,
      initial: { sum },
      each: {},
      fixed,
      step: ({ sum }, _, operands) => {
        const found = Object.values(operands).map((x, i) =>
          isSwapOfLastAxes(example.inputs[i]!) ? swapLastAxes(x) : x,
        )
        return { next: { sum: add(sum, firstElement(multiply(example, found))) }, collected: {} }
      },
    }).last.sum
  }, start)
  return traceGraph({ 'next.total': total, loss: reshape(total, [1]) })
}

function stepTensors({ tensors }: Graph): readonly Tensor[] {
  return tensors.find(tensor => tensor.operator === 'loop')?.attributes.body.tensors ?? tensors
}

function isProduct(tensor: Tensor): tensor is Product {
  return tensor.operator === 'gemm' || tensor.operator === 'matmul'
}

function multiply({ operator, attributes }: Product, [a, b, c]: readonly Tensor[]): Tensor {
  return operator === 'gemm' ? gemm(c ? [a!, b!, c] : [a!, b!], attributes) : matmul(a!, b!)
}

/** The runtime makes the transposition of an operand part of the product. */
function bare(x: Tensor): Tensor {
  return isSwapOfLastAxes(x) ? x.inputs[0] : x
}

function describe({ operator, inputs, attributes }: Product): string {
  const operands = inputs.map(x => `${isSwapOfLastAxes(x) ? 'swapped ' : ''}${x.shape}`)
  return JSON.stringify([operator, attributes, operands])
}

function flopsOf(product: Product): number {
  const [a] = product.inputs
  const inner = product.operator === 'gemm' && product.attributes.transposeA ? a.shape[0]! : a.shape.at(-1)!
  return 2 * elementCount(product.shape) * inner
}

function firstElement(x: Tensor): Tensor {
  const first = x.shape.reduce<Tensor>((y, _, axis) => slice(y, { axis, start: 0, end: 1 }), x)
  return reshape(first, [])
}
