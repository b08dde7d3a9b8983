import {
  constant,
  elementCount,
  gradients,
  input,
  mul,
  type Shape,
  sum,
  type Tensor,
  type TensorValue,
  tensorValue,
  traceGraph,
} from '@takt/graph'
import type { Runtime } from '@takt/runtime'
import { ramp } from './plain-tensors.ts'
import { runGraph } from './run-model.ts'

/** Half the distance of central differences: their error is about h²/6 of the third derivative, 1e-11 here. */
const H = 1e-5

export interface Leaf {
  readonly name: string
  readonly shape: Shape
  readonly numbers: readonly number[]
}

/**
 * How far ∂loss/∂leaf strays from central differences of the loss, the largest over all elements of all leaves,
 * in float64, relative to the gradient where that is larger than 1. The loss weighs each element of y differently.
 */
export async function gradientError(
  runtime: Runtime,
  leaves: readonly Leaf[],
  build: (...leaves: readonly Tensor[]) => Tensor,
): Promise<number> {
  const tensors = leaves.map(({ name, shape }) => input(name, { dtype: 'float64', shape }))
  const loss = weigh(build(...tensors))
  const slopes = gradients(loss, tensors)
  const named = Object.fromEntries(slopes.map((slope, i) => [`by_${leaves[i]!.name}`, slope]))
  const places = leaves.flatMap(({ numbers }, leaf) => numbers.map((_, element) => ({ leaf, element })))
  const feeds = places.flatMap(place => [feedNear(leaves, place, H), feedNear(leaves, place, -H)])
  const [here, ...near] = await runGraph(runtime, traceGraph({ loss, ...named }), [feedNear(leaves), ...feeds])

  const errors = places.map(({ leaf, element }, i) => {
    const { shape, data } = here![`by_${leaves[leaf]!.name}`]!
    if (data.length !== elementCount(leaves[leaf]!.shape)) throw new Error(`gradient has shape [${shape}]`)
    const found = Number(data[element])
    const [above, below] = [near[2 * i]!, near[2 * i + 1]!].map(({ loss }) => Number(loss!.data[0]))
    return Math.abs(found - (above! - below!) / (2 * H)) / Math.max(1, Math.abs(found))
  })
  return Math.max(...errors)
}

function weigh(y: Tensor): Tensor {
  const weights = constant(tensorValue(y, ramp(y.shape, 50)))
  return y.shape.length === 0 ? mul(y, weights) : sum(mul(y, weights), [...y.shape.keys()])
}

/** The leaves' values, one element of one leaf moved by h. */
function feedNear(
  leaves: readonly Leaf[],
  place?: { readonly leaf: number; readonly element: number },
  h = 0,
): Readonly<Record<string, TensorValue>> {
  const values = leaves.map(({ name, shape, numbers }, i) => {
    const moved = place?.leaf === i ? numbers.with(place.element, numbers[place.element]! + h) : numbers
    return [name, tensorValue({ dtype: 'float64', shape }, moved)] as const
  })
  return Object.fromEntries(values)
}
