import type { Graph, Tensor } from '../tensor.ts'

/** The same graph without the tensors that no output depends on; those that stay keep their order. */
export function eliminateDeadCode({ tensors, outputs }: Graph): Graph {
  const live = new Set<Tensor>(Object.values(outputs))
  for (const tensor of tensors.toReversed()) {
    if (live.has(tensor)) for (const input of tensor.inputs) live.add(input)
  }
  return { tensors: tensors.filter(tensor => live.has(tensor)), outputs }
}
