import type { DType, Shape, TensorType, TensorValue } from './tensor-value.ts'

/** Inputs and attributes of every operator: the union that all tables are keyed by. */
export interface Operators {
  readonly input: Signature<readonly [], Leaf>
  readonly parameter: Signature<readonly [], Leaf>
  readonly constant: Signature<readonly [], { readonly value: TensorValue }>
  readonly cast: Signature<Unary, { readonly to: DType }>
  readonly stopGradient: Signature<Unary>

  readonly add: Signature<Binary>
  readonly sub: Signature<Binary>
  readonly mul: Signature<Binary>
  readonly div: Signature<Binary>
  readonly maximum: Signature<Binary>
  readonly minimum: Signature<Binary>
  readonly equal: Signature<Binary>
  readonly less: Signature<Binary>
  readonly where: Signature<readonly [condition: Tensor, a: Tensor, b: Tensor]>

  readonly neg: Signature<Unary>
  readonly abs: Signature<Unary>
  readonly sign: Signature<Unary>
  readonly floor: Signature<Unary>
  readonly exp: Signature<Unary>
  readonly log: Signature<Unary>
  readonly sqrt: Signature<Unary>
  readonly pow: Signature<Unary, { readonly exponent: number }>
  readonly sin: Signature<Unary>
  readonly cos: Signature<Unary>
  readonly tanh: Signature<Unary>
  readonly sigmoid: Signature<Unary>
  readonly relu: Signature<Unary>
  readonly erf: Signature<Unary>
  readonly gelu: Signature<Unary>

  readonly matmul: Signature<Binary>
  readonly gemm: Signature<
    readonly [a: Tensor, b: Tensor, ...c: readonly Tensor[]],
    { readonly transposeA: boolean; readonly transposeB: boolean }
  >

  readonly sum: Signature<Unary, Reduction>
  readonly mean: Signature<Unary, Reduction>
  readonly max: Signature<Unary, Reduction>
  readonly argmax: Signature<Unary, { readonly axis: number }>
  readonly topK: Signature<Unary, { readonly k: number; readonly axis: number }>

  readonly softmax: Signature<Unary, { readonly axis: number }>
  readonly logSoftmax: Signature<Unary, { readonly axis: number }>
  readonly layerNorm: Signature<readonly [x: Tensor, scale: Tensor, bias: Tensor], { readonly epsilon: number }>

  readonly reshape: Signature<Unary, { readonly shape: Shape }>
  readonly transpose: Signature<Unary, { readonly permutation: readonly number[] }>
  readonly expand: Signature<Unary, { readonly shape: Shape }>
  readonly slice: Signature<Unary, { readonly axis: number; readonly start: number; readonly end: number }>
  readonly pad: Signature<Unary, { readonly axis: number; readonly before: number; readonly after: number }>
  readonly concat: Signature<readonly Tensor[], { readonly axis: number }>
  readonly gather: Signature<readonly [x: Tensor, indices: Tensor], Indexing & { readonly axis: number }>
  readonly scatterAdd: Signature<readonly [updates: Tensor, indices: Tensor], Indexing & { readonly size: number }>

  readonly loop: Signature<readonly Tensor[], LoopAttributes>
}

type Unary = readonly [x: Tensor]
type Binary = readonly [a: Tensor, b: Tensor]

interface Leaf {
  readonly name: string
  readonly type: TensorType
}

/** `distinct` promises that no index occurs twice, and lets the runtime add up in any order at once. */
interface Indexing {
  readonly distinct: boolean
}

/** `keepAxes` leaves the reduced axes behind as sizes of 1. */
interface Reduction {
  readonly axes: readonly number[]
  readonly keepAxes: boolean
}

/**
 * One result of a loop. The loop's inputs are the first values of its state, then the stacks it walks along,
 * then what every step sees whole; `state`, `each` and `fixed` name the leaves of `body` that they are bound to.
 */
export interface LoopAttributes {
  readonly trips: number
  readonly body: Graph
  readonly state: readonly string[]
  readonly each: readonly string[]
  readonly fixed: readonly string[]
  /** The output of `body` that this tensor is: the last `next.…`, or every step's `collected.…` stacked. */
  readonly result: string
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

/** Tensors in an order where each follows its inputs, and the named ones that a run returns. */
export interface Graph {
  readonly tensors: readonly Tensor[]
  readonly outputs: Readonly<Record<string, Tensor>>
}

/** The call stack where a tensor was made; V8 formats it only when it is read. */
export interface Origin {
  readonly stack?: string
}

/** What an operator file contributes. */
export interface Rule<O extends Operator> {
  /** The type of the result, or a thrown GraphError. */
  readonly type: (inputs: Inputs<O>, attributes: Attributes<O>) => TensorType
  /** `none` where the result is piecewise constant in every input, or is meant to be taken as constant. */
  readonly gradient: GradientRule<O> | 'none'
}

/**
 * ∂loss/∂inputs from d = ∂loss/∂y: a tensor of each input's own type, or undefined for an input such as an index.
 * The gradients are ordinary tensors; those that nobody uses are never traced into a graph.
 */
export type GradientRule<O extends Operator> = (d: Tensor, y: TensorOf<O>) => Gradients<Inputs<O>>

type Gradients<I extends readonly unknown[]> = { readonly [K in keyof I]: Tensor | undefined }
