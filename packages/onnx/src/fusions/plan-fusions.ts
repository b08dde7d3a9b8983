import type { Graph, Tensor } from '@takt/graph'
import type { Fuse, Fusion } from './fusion.ts'

/** What is left to lower, inputs first, and the fusions that compute some of it. */
interface Plan {
  readonly tensors: readonly Tensor[]
  readonly fusions: ReadonlyMap<Tensor, Fusion>
}

/**
 * Fuses from the outputs backwards: the first of `fuses` that recognises a tensor has it, and what only the fused
 * tensors needed is gone. What others need as well stays, and is computed twice.
 */
export function planFusions({ tensors, outputs }: Pick<Graph, 'tensors' | 'outputs'>, fuses: readonly Fuse[]): Plan {
  const needed = new Set(Object.values(outputs))
  const fusions = new Map<Tensor, Fusion>()
  for (const tensor of tensors.toReversed()) {
    if (!needed.has(tensor)) continue
    const fusion = fuseWith(fuses, tensor)
    if (fusion) fusions.set(tensor, fusion)
    for (const input of fusion?.inputs ?? tensor.inputs) needed.add(input)
  }
  return { tensors: tensors.filter(tensor => needed.has(tensor)), fusions }
}

function fuseWith(fuses: readonly Fuse[], tensor: Tensor): Fusion | undefined {
  for (const fuse of fuses) {
    const fusion = fuse(tensor)
    if (fusion) return fusion
  }
  return undefined
}
