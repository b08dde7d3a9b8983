import type { Tensor, TensorOf, TensorType, TensorValue } from '@takt/graph'
import type { Attribute, GraphParts, Initializer, NamedType } from './model-proto.ts'

/** What one tensor becomes in ONNX: calls of operators, and the constants they need. */
export interface Lowered {
  readonly calls?: readonly Call[]
  readonly initializers?: readonly Initializer[]
  readonly inputs?: readonly NamedType[]
}

export interface Call {
  /** ONNX's own, or that of the runtime which has the operator. */
  readonly domain?: string
  readonly type: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, Attribute>>
}

/** Names of the tensor's inputs and of the tensor itself, and what a loop has to know beyond them. */
export interface Scope extends Surroundings {
  readonly inputs: readonly string[]
  readonly output: string
  /** The results of the loop that this tensor is the first of, each with its name; else none. */
  readonly results: readonly (readonly [TensorOf<'loop'>, name: string])[]
}

export interface Surroundings {
  readonly parameterValue: (name: string, type: TensorType) => TensorValue
  /** Lowers the body of a loop; `bound` are its leaves that have a name already. */
  readonly lowerBody: (body: Body) => GraphParts
}

export interface Body {
  readonly tensors: readonly Tensor[]
  readonly outputs: Readonly<Record<string, Tensor>>
  /** Before every name in the body, since ONNX gives a body and what surrounds it one space of names. */
  readonly prefix: string
  readonly bound: ReadonlyMap<string, string>
}
