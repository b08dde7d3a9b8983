import { graphError } from './errors.ts'
import { requireLeafName } from './ops/leaf.ts'
import type { Graph, Tensor, TensorOf } from './tensor.ts'

type Leaf = TensorOf<'input'> | TensorOf<'parameter'>

/** The graph of everything that `outputs` are computed from; leaves and outputs must have names of their own. */
export function traceGraph(outputs: Readonly<Record<string, Tensor>>): Graph {
  for (const name of Object.keys(outputs)) requireLeafName(name)
  const tensors = inOrder(Object.values(outputs))
  requireDistinctNames(tensors.filter(isLeaf), outputs)
  return { tensors, outputs }
}

/** The tensors that `roots` depend on, themselves included, inputs first; depth-first without recursion. */
export function inOrder(roots: readonly Tensor[]): readonly Tensor[] {
  const placed = new Set<Tensor>()
  // What the results of a loop share is looked at once, since there are as many results as inputs.
  const shared = new Set<readonly Tensor[]>()
  const pending = roots.toReversed()
  for (let tensor = pending.at(-1); tensor; tensor = pending.at(-1)) {
    const missing = shared.has(tensor.inputs) ? [] : tensor.inputs.filter(input => !placed.has(input))
    if (missing.length > 0) {
      pending.push(...missing.toReversed())
    } else {
      if (tensor.operator === 'loop') shared.add(tensor.inputs)
      placed.add(tensor)
      pending.pop()
    }
  }
  return [...placed]
}

function requireDistinctNames(leaves: readonly Leaf[], outputs: Graph['outputs']): void {
  const named = [...leaves.map(leaf => [leaf.attributes.name, leaf] as const), ...Object.entries(outputs)]
  for (const [name, entries] of Map.groupBy(named, ([name]) => name)) {
    if (entries.length > 1) throw graphError('duplicate_name', { name, tensors: entries.map(([, tensor]) => tensor) })
  }
}

function isLeaf(tensor: Tensor): tensor is Leaf {
  return tensor.operator === 'input' || tensor.operator === 'parameter'
}
