import type { Graph, Tensor } from './tensor.ts'

/** A name for every tensor of a graph: leaves their own, computed ones `%` and their place among the computed. */
export function tensorNames({ tensors }: Graph): ReadonlyMap<Tensor, string> {
  const names = new Map<Tensor, string>()
  let computed = 0
  for (const tensor of tensors) {
    const isNamed = tensor.operator === 'input' || tensor.operator === 'parameter'
    names.set(tensor, isNamed ? tensor.attributes.name : `%${computed++}`)
  }
  return names
}
