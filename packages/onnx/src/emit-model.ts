import {
  type Graph,
  type Operator,
  printType,
  sameShape,
  type Tensor,
  type TensorOf,
  type TensorType,
  type TensorValue,
  tensorNames,
} from '@takt/graph'
import { onnxError } from './errors.ts'
import { type Lowered, lowerings, type Scope } from './lowerings.ts'
import { encodeModel, type ModelParts, type NodeParts } from './model-proto.ts'

/** Tensors by name: a model's weights, or the content of a safetensors file. */
export type NamedTensors = Readonly<Record<string, TensorValue>>

/** The graph as a serialised ONNX ModelProto of standard operators, with `parameters` embedded by name. */
export function emitModel(graph: Graph, parameters: NamedTensors): Uint8Array<ArrayBuffer> {
  return encodeModel(lowerGraph(graph, parameters))
}

/** The graph as the parts of a model, nodes in the graph's order. */
export function lowerGraph(graph: Graph, parameters: NamedTensors): ModelParts {
  const names = tensorNames(graph)
  const parameterValue = (name: string, type: TensorType) => requireParameter(parameters, name, type)
  const lowered = graph.tensors.map(tensor => {
    const scope: Scope = {
      inputs: tensor.inputs.map(input => names.get(input)!),
      output: names.get(tensor)!,
      parameterValue,
    }
    return { output: scope.output, operator: tensor.operator, ...lower(tensor, scope) }
  })
  const outputs = Object.entries(graph.outputs)
  return {
    nodes: [
      ...lowered.flatMap(({ node, operator, output }) =>
        node ? [{ name: `${operator} ${output}`, output, ...node }] : [],
      ),
      ...outputs.map(([name, tensor]) => outputNode(name, names.get(tensor)!)),
    ],
    initializers: lowered.flatMap(({ initializers = [] }) => initializers),
    inputs: lowered.flatMap(({ inputs = [] }) => inputs),
    outputs: outputs.map(([name, type]) => ({ name, type })),
  }
}

function lower<O extends Operator>(tensor: TensorOf<O> | Tensor, scope: Scope): Lowered {
  const { operator } = tensor as TensorOf<O>
  return lowerings[operator](tensor as TensorOf<O>, scope)
}

/** Gives a result its public name; the runtime removes the copy. */
function outputNode(name: string, source: string): NodeParts {
  return { name: `output ${name}`, type: 'Identity', inputs: [source], output: name, attributes: {} }
}

function requireParameter(parameters: NamedTensors, name: string, type: TensorType): TensorValue {
  const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined
  if (!value) throw onnxError('missing_parameter', { name, type: printType(type) })
  if (value.dtype !== type.dtype || !sameShape(value.shape, type.shape)) {
    throw onnxError('mistyped_parameter', { name, expected: printType(type), found: printType(value) })
  }
  return value
}
