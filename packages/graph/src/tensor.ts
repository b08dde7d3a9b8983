import type { DType, Shape, TensorType, TensorValue } from './tensor-value.ts'

/** Inputs and attributes of every operator: the union that all tables are keyed by. */
export interface Operators {
  readonly input: Signature<readonly [], { readonly name: string; readonly type: TensorType }>
  readonly parameter: Signature<readonly [], { readonly name: string; readonly type: TensorType }>
  readonly constant: Signature<readonly [], { readonly value: TensorValue }>
  readonly cast: Signature<readonly [x: Tensor], { readonly to: DType }>
  readonly add: Signature<readonly [a: Tensor, b: Tensor]>
  readonly sub: Signature<readonly [a: Tensor, b: Tensor]>
  readonly mul: Signature<readonly [a: Tensor, b: Tensor]>
  readonly div: Signature<readonly [a: Tensor, b: Tensor]>
  readonly matmul: Signature<readonly [a: Tensor, b: Tensor]>
  readonly gemm: Signature<
    readonly [a: Tensor, b: Tensor, c: Tensor],
    { readonly transposeA: boolean; readonly transposeB: boolean }
  >
  readonly softmax: Signature<readonly [x: Tensor], { readonly axis: number }>
  readonly gelu: Signature<readonly [x: Tensor]>
  readonly layerNorm: Signature<readonly [x: Tensor, scale: Tensor, bias: Tensor], { readonly epsilon: number }>
  readonly mean: Signature<readonly [x: Tensor], { readonly axes: readonly number[] }>
  readonly reshape: Signature<readonly [x: Tensor], { readonly shape: Shape }>
  readonly transpose: Signature<readonly [x: Tensor], { readonly permutation: readonly number[] }>
  readonly slice: Signature<
    readonly [x: Tensor],
    { readonly axis: number; readonly start: number; readonly end: number }
  >
}

interface Signature<Inputs extends readonly Tensor[], Attributes = Record<never, never>> {
  readonly inputs: Inputs
  readonly attributes: Attributes
}

export type Operator = keyof Operators
export type Inputs<O extends Operator> = Operators[O]['inputs']
export type Attributes<O extends Operator> = Operators[O]['attributes']

/** A value of the graph together with the operator that makes it: immutable, typed, of a static shape. */
export interface TensorOf<O extends Operator> extends TensorType {
  readonly operator: O
  readonly inputs: Inputs<O>
  readonly attributes: Attributes<O>
  readonly origin: Origin
}

/** Any tensor; `tensor.operator` discriminates its inputs and attributes. */
export type Tensor = { readonly [O in Operator]: TensorOf<O> }[Operator]

/** The call stack where a tensor was made; V8 formats it only when it is read. */
export interface Origin {
  readonly stack?: string
}

/** What an operator file contributes: the type of its result, or a thrown GraphError. */
export interface Rule<O extends Operator> {
  readonly type: (inputs: Inputs<O>, attributes: Attributes<O>) => TensorType
}
