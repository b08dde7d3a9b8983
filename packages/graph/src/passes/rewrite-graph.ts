import { traceGraph } from '../graph.ts'
import { rebuild } from '../rules.ts'
import type { Attributes, Graph, Inputs, Operator, Tensor, TensorOf } from '../tensor.ts'

/** What takes a tensor's place, given that tensor on the inputs that have taken the places of its own. */
export type Rewrite = (tensor: Tensor) => Tensor

/**
 * The graph with every tensor rewritten, inputs first; what is then unused is gone. The bodies of loops are rewritten
 * too, each by a rewrite of its own from `begin`, so that none carries a tensor from one graph into another.
 */
export function rewriteGraph({ tensors, outputs }: Graph, begin: () => Rewrite): Graph {
  const rewrite = begin()
  const bodies = new Map<Graph, Graph>()
  const places = new Map<Tensor, Tensor>()
  const moved = new Map<readonly Tensor[], readonly Tensor[]>()
  for (const tensor of tensors) {
    // The results of a loop share their inputs, and go on sharing them.
    const inputs = moved.get(tensor.inputs) ?? tensor.inputs.map(input => places.get(input)!)
    if (tensor.operator === 'loop') moved.set(tensor.inputs, inputs)
    places.set(tensor, rewrite(onInputs(tensor, inputs, body => rewriteOnce(bodies, body, begin))))
  }
  return traceGraph(Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, places.get(tensor)!])))
}

/** One body that several results share stays one. */
function rewriteOnce(bodies: Map<Graph, Graph>, body: Graph, begin: () => Rewrite): Graph {
  const rewritten = bodies.get(body) ?? rewriteGraph(body, begin)
  bodies.set(body, rewritten)
  return rewritten
}

function onInputs(tensor: Tensor, inputs: readonly Tensor[], onBody: (body: Graph) => Graph): Tensor {
  if (tensor.operator === 'loop') return rebuild(tensor, inputs, { body: onBody(tensor.attributes.body) })
  return rebuildOn(tensor, inputs)
}

/** The same tensor on other inputs; itself where they are its own. */
export function rebuildOn(tensor: Tensor, inputs: readonly Tensor[]): Tensor {
  if (inputs.every((input, i) => input === tensor.inputs[i])) return tensor
  return rebuildAny(tensor as TensorOf<Operator>, inputs)
}

function rebuildAny<O extends Operator>(tensor: TensorOf<O>, inputs: readonly Tensor[]): Tensor {
  return rebuild(tensor, inputs as Inputs<O>, {} as Partial<Attributes<O>>)
}
