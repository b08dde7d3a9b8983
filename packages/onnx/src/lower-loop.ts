import { type TensorOf, tensorValue } from '@takt/graph'
import type { Call, Lowered, Scope } from './lowered.ts'
import type { GraphParts, Initializer, NamedType } from './model-proto.ts'

/**
 * ONNX's Loop. Its body takes the trip's number, a condition, and the state; it gives the condition, the next state,
 * and what it collects. It sees surrounding tensors by name: fixed ones as they are, stacks by a Gather of its trip.
 */
export function lowerLoop(
  { inputs: outer, attributes }: TensorOf<'loop'>,
  { inputs: names, output, results, lowerBody }: Scope,
): Lowered {
  const { trips, body, state, each, fixed } = attributes
  const inner = (name: string) => `${output}/${name}`
  const [trip, condition, proceeds] = [inner('trip'), inner('condition'), inner('proceeds')]

  const stateInputs = state.map((name, i): NamedType => ({ name: inner(name), type: outer[i]! }))
  const stacks = each.map((name, i): Call => {
    const stack = names[state.length + i]!
    return { type: 'Gather', inputs: [stack, trip], outputs: [inner(name)], attributes: { axis: 0 } }
  })
  const fixedNames = fixed.map((name, i) => [name, names[state.length + each.length + i]!] as const)
  const bound = new Map([...[...state, ...each].map(name => [name, inner(name)] as const), ...fixedNames])
  const step = lowerBody({ ...body, prefix: `${output}/`, bound })

  const proceed: Call = { type: 'Identity', inputs: [condition], outputs: [proceeds], attributes: {} }
  const flag = { dtype: 'bool', shape: [] } as const
  const graph: GraphParts = {
    nodes: [...[proceed, ...stacks].map(call => ({ name: `loop ${call.outputs[0]}`, ...call })), ...step.nodes],
    initializers: step.initializers,
    inputs: [{ name: trip, type: { dtype: 'int64', shape: [] } }, { name: condition, type: flag }, ...stateInputs],
    outputs: [{ name: proceeds, type: flag }, ...step.outputs],
  }
  const initializers: readonly Initializer[] = [
    { name: `${output}%trips`, value: tensorValue({ dtype: 'int64', shape: [] }, [trips]) },
    { name: `${output}%start`, value: tensorValue(flag, [1]) },
  ]
  const loopInputs = [...initializers.map(({ name }) => name), ...names.slice(0, state.length)]
  const resultName = new Map(results.map(([{ attributes }, name]) => [attributes.result, name]))
  const outputs = Object.keys(body.outputs).map(name => resultName.get(name) ?? `${output}%unused.${name}`)
  return { calls: [{ type: 'Loop', inputs: loopInputs, outputs, attributes: { body: { graph } } }], initializers }
}
