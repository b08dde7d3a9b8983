import { reshape } from '../ops/reshape.ts'
import type { Graph, Tensor, TensorOf } from '../tensor.ts'
import { rebuildOn, rewriteGraph } from './rewrite-graph.ts'

interface Inlined {
  readonly inputs: readonly Tensor[]
  readonly body: Graph
  /** What stands for each of the body's tensors. */
  readonly places: ReadonlyMap<Tensor, Tensor>
}

/** The same graph with loops of one trip replaced by their body: nothing is carried, so nothing has to be kept twice. */
export function inlineSingleTrips(graph: Graph): Graph {
  return rewriteGraph(graph, () => {
    const runs: Inlined[] = []
    return tensor => {
      if (tensor.operator !== 'loop' || tensor.attributes.trips > 1) return tensor
      const { inputs, attributes } = tensor
      const { body, result } = attributes
      const known = runs.find(run => run.inputs === inputs && run.body === body)
      const run = known ?? { inputs, body, places: inline(tensor) }
      if (!known) runs.push(run)
      return reshape(run.places.get(body.outputs[result]!)!, tensor.shape)
    }
  })
}

function inline({ inputs, attributes: { body, state, each, fixed } }: TensorOf<'loop'>): ReadonlyMap<Tensor, Tensor> {
  const outer = new Map([...state, ...each, ...fixed].map((name, i) => [name, inputs[i]!]))
  const places = new Map<Tensor, Tensor>()
  for (const tensor of body.tensors) {
    const bound = tensor.operator === 'input' ? outer.get(tensor.attributes.name) : undefined
    // A stack of one element is that element.
    const place = bound
      ? reshape(bound, tensor.shape)
      : rebuildOn(
          tensor,
          tensor.inputs.map(input => places.get(input)!),
        )
    places.set(tensor, place)
  }
  return places
}
