import { graphError } from '../errors.ts'
import type { Graph } from '../tensor.ts'

/** The same graph returning only the outputs `names`; what the others alone needed is left dead. */
export function selectOutputs({ tensors, outputs }: Graph, names: readonly string[]): Graph {
  const selected = names.map(name => {
    const tensor = Object.hasOwn(outputs, name) ? outputs[name] : undefined
    if (!tensor) throw graphError('unknown_output', { name, known: Object.keys(outputs) })
    return [name, tensor] as const
  })
  return { tensors, outputs: Object.fromEntries(selected) }
}
