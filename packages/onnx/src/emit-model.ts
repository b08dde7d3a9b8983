import {
  type Graph,
  loopRuns,
  type Operator,
  printType,
  sameType,
  type Tensor,
  type TensorOf,
  type TensorType,
  type TensorValue,
  tensorNames,
} from '@takt/graph'
import { onnxError } from './errors.ts'
import { expandMissingKernels } from './expand-missing-kernels.ts'
import type { Fuse, Fusion } from './fusions/fusion.ts'
import { planFusions } from './fusions/plan-fusions.ts'
import type { Body, Lowered, Scope, Surroundings } from './lowered.ts'
import { lowerings } from './lowerings.ts'
import { encodeModel, type GraphParts, type NodeParts } from './model-proto.ts'

/** Tensors by name: a model's weights, or the content of a safetensors file. */
export type NamedTensors = Readonly<Record<string, TensorValue>>

/**
 * The graph as a serialised ONNX ModelProto, with `parameters` embedded by name. Its operators are standard ones but for
 * what `fuses` bring; a loop's body is not fused.
 */
export function emitModel(
  graph: Graph,
  parameters: NamedTensors,
  fuses: readonly Fuse[] = [],
): Uint8Array<ArrayBuffer> {
  return encodeModel(lowerGraph(graph, parameters, fuses))
}

/** The graph as the parts of a model, nodes in the graph's order. */
export function lowerGraph(graph: Graph, parameters: NamedTensors, fuses: readonly Fuse[] = []): GraphParts {
  const surroundings: Surroundings = {
    parameterValue: (name, type) => requireParameter(parameters, name, type),
    lowerBody: body => lowerTensors(body, surroundings),
  }
  const expanded = expandMissingKernels(graph)
  const { tensors, fusions } = planFusions(expanded, fuses)
  const { outputs } = expanded
  return lowerTensors({ tensors, outputs, prefix: '', bound: new Map() }, surroundings, fusions)
}

function lowerTensors(
  { tensors, outputs, prefix, bound }: Body,
  surroundings: Surroundings,
  fusions: ReadonlyMap<Tensor, Fusion> = new Map(),
): GraphParts {
  const plainNames = tensorNames({ tensors, outputs })
  const runs = loopRuns({ tensors, outputs })
  const isBound = (tensor: Tensor) => tensor.operator === 'input' && bound.has(tensor.attributes.name)
  const isLaterResult = (tensor: Tensor) => tensor.operator === 'loop' && !runs.has(tensor)
  const resultNames = namesOfResults(outputs)
  const nameOf = (tensor: Tensor) => {
    const name = resultNames.get(tensor) ?? plainNames.get(tensor)!
    return bound.get(name) ?? prefix + name
  }
  const lowered = tensors
    .filter(tensor => !isBound(tensor) && !isLaterResult(tensor))
    .map(tensor => {
      const output = nameOf(tensor)
      const results = (runs.get(tensor) ?? []).map(result => [result, nameOf(result)] as const)
      const fusion = fusions.get(tensor)
      const scope: Scope = { ...surroundings, inputs: (fusion ?? tensor).inputs.map(nameOf), output, results }
      return { operator: tensor.operator, ...(fusion ? fusion.lower(scope) : lower(tensor, scope)) }
    })
  const named = Object.entries(outputs).map(([name, tensor]) => ({ name: prefix + name, tensor }))
  return {
    nodes: [
      ...lowered.flatMap(({ operator, calls = [] }) =>
        calls.map(call => ({ name: `${operator} ${call.outputs.at(-1)}`, ...call })),
      ),
      ...named
        .filter(({ name, tensor }) => nameOf(tensor) !== name)
        .map(({ name, tensor }) => copy(nameOf(tensor), name)),
    ],
    initializers: lowered.flatMap(({ initializers = [] }) => initializers),
    inputs: lowered.flatMap(({ inputs = [] }) => inputs),
    outputs: named.map(({ name, tensor }) => ({ name, type: tensor })),
  }
}

function lower<O extends Operator>(tensor: TensorOf<O> | Tensor, scope: Scope): Lowered {
  const { operator } = tensor as TensorOf<O>
  return lowerings[operator](tensor as TensorOf<O>, scope)
}

/** Results that are written under a public name at once, which spares a copy of each; a leaf keeps its own name. */
function namesOfResults(outputs: Body['outputs']): ReadonlyMap<Tensor, string> {
  const computed = Object.entries(outputs).filter(([, { inputs }]) => inputs.length > 0)
  return new Map(computed.map(([name, tensor]) => [tensor, name]))
}

/** One more name for a leaf, or for a result that has one already. */
function copy(source: string, name: string): NodeParts {
  return { name: `output ${name}`, type: 'Identity', inputs: [source], outputs: [name], attributes: {} }
}

function requireParameter(parameters: NamedTensors, name: string, type: TensorType): TensorValue {
  const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined
  if (!value) throw onnxError('missing_parameter', { name, type: printType(type) })
  if (!sameType(value, type)) {
    throw onnxError('mistyped_parameter', { name, expected: printType(type), found: printType(value) })
  }
  return value
}
