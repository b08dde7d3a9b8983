import type { DType, Shape, TensorType, TensorValue } from '@takt/graph'
import { bytesOf } from './array-data.ts'
import { onnxError } from './errors.ts'
import { bytes, float, int, join, message, string, toBytes, type Wire } from './wire.ts'

/** The parts of onnx.proto that a lowered graph is made of; numbers below are its field numbers. */
export interface GraphParts {
  readonly nodes: readonly NodeParts[]
  readonly initializers: readonly Initializer[]
  readonly inputs: readonly NamedType[]
  readonly outputs: readonly NamedType[]
}

export interface NodeParts {
  readonly name: string
  readonly domain?: string
  readonly type: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, Attribute>>
}

/** A number is an INT; reals are marked, because 1 may be meant as 1.0. */
export type Attribute = number | string | readonly number[] | { readonly real: number } | { readonly graph: GraphParts }

export interface Initializer {
  readonly name: string
  readonly value: TensorValue | Int8Value
}

/** A quantised weight: an element type that no tensor of a graph has. */
interface Int8Value {
  readonly dtype: 'int8'
  readonly shape: Shape
  readonly data: Int8Array
}

export interface NamedType {
  readonly name: string
  readonly type: TensorType
}

/** IR 10 and opset 21 are of ONNX 1.16; Gelu is in the opset since 20. */
const IR_VERSION = 10
const OPSET_VERSION = 21

/** Operators that are younger, by the opset that brought them; a model asks for no newer opset than it needs. */
const youngerOperators: Readonly<Record<string, number>> = { Attention: 23 }

/** Protobuf's limit of 2 GiB on one message. */
const MAX_LENGTH = 2 ** 31 - 1

/** TensorProto.DataType. */
export const dataTypes: Readonly<Record<DType | 'int8', number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
}

/** A serialised ModelProto; the same parts give the same bytes. */
export function encodeModel(graph: GraphParts): Uint8Array<ArrayBuffer> {
  const opsets = opsetsOf(graph).map(([domain, version]) => message(8, string(1, domain), int(2, version)))
  const model = join(int(1, IR_VERSION), string(2, 'takt'), message(7, graphProto(graph)), ...opsets)
  if (model.length > MAX_LENGTH) throw onnxError('model_too_large', { length: model.length, limit: MAX_LENGTH })
  return toBytes(model)
}

/** The version of ONNX's operators, and of each other domain that has one here. */
function opsetsOf({ nodes }: GraphParts): readonly (readonly [domain: string, version: number])[] {
  const others = new Set(nodes.flatMap(({ domain = '' }) => (domain ? [domain] : [])))
  const version = Math.max(OPSET_VERSION, ...nodes.map(({ type }) => youngerOperators[type] ?? OPSET_VERSION))
  return [['', version], ...[...others].map(domain => [domain, 1] as const)]
}

function graphProto({ nodes, initializers, inputs, outputs }: GraphParts): Wire {
  return join(
    ...nodes.map(node => message(1, nodeProto(node))),
    string(2, 'takt'),
    ...initializers.map(initializer => message(5, tensorProto(initializer))),
    ...inputs.map(input => message(11, valueInfoProto(input))),
    ...outputs.map(output => message(12, valueInfoProto(output))),
  )
}

function nodeProto({ name, domain, type, inputs, outputs, attributes }: NodeParts): Wire {
  return join(
    ...inputs.map(input => string(1, input)),
    ...outputs.map(output => string(2, output)),
    string(3, name),
    string(4, type),
    ...Object.entries(attributes).map(([key, value]) => message(5, string(1, key), attributeValue(value))),
    ...(domain ? [string(7, domain)] : []),
  )
}

/** The value and AttributeProto.type: 1 FLOAT, 2 INT, 3 STRING, 5 GRAPH, 7 INTS. */
function attributeValue(value: Attribute): Wire {
  if (typeof value === 'number') return join(int(3, value), int(20, 2))
  if (typeof value === 'string') return join(string(4, value), int(20, 3))
  if ('graph' in value) return join(message(6, graphProto(value.graph)), int(20, 5))
  if ('real' in value) return join(float(2, value.real), int(20, 1))
  return join(...value.map(element => int(8, element)), int(20, 7))
}

function tensorProto({ name, value: { dtype, shape, data } }: Initializer): Wire {
  const dimensions = shape.map(size => int(1, size))
  return join(...dimensions, int(2, dataTypes[dtype]), string(8, name), bytes(9, bytesOf(data)))
}

function valueInfoProto({ name, type: { dtype, shape } }: NamedType): Wire {
  const dimensions = shape.map(size => message(1, int(1, size)))
  return join(string(1, name), message(2, message(1, int(1, dataTypes[dtype]), message(2, ...dimensions))))
}
