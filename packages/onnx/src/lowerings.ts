import type { Operator, TensorOf, TensorType, TensorValue } from '@takt/graph'
import { type Attribute, dataTypes, type Initializer, type NamedType } from './model-proto.ts'

/** What one tensor becomes in ONNX: at most one operator, and the constants it needs. */
export interface Lowered {
  readonly node?: {
    readonly type: string
    readonly inputs: readonly string[]
    readonly attributes: Readonly<Record<string, Attribute>>
  }
  readonly initializers?: readonly Initializer[]
  readonly inputs?: readonly NamedType[]
}

/** Names of the tensor's inputs and of the tensor itself, and where parameters get their values. */
export interface Scope {
  readonly inputs: readonly string[]
  readonly output: string
  readonly parameterValue: (name: string, type: TensorType) => TensorValue
}

type Lowering<O extends Operator> = (tensor: TensorOf<O>, scope: Scope) => Lowered

/** ONNX's name and form of every operator; one without a row does not compile. */
export const lowerings: { readonly [O in Operator]: Lowering<O> } = {
  input: ({ attributes: { name, type } }) => ({ inputs: [{ name, type }] }),
  parameter: ({ attributes: { name, type } }, { parameterValue }) => ({
    initializers: [{ name, value: parameterValue(name, type) }],
  }),
  constant: ({ attributes: { value } }, { output }) => ({ initializers: [{ name: output, value }] }),
  cast: ({ attributes: { to } }, scope) => call('Cast', scope, { to: dataTypes[to] }),
  add: (_, scope) => call('Add', scope),
  sub: (_, scope) => call('Sub', scope),
  mul: (_, scope) => call('Mul', scope),
  div: (_, scope) => call('Div', scope),
  matmul: (_, scope) => call('MatMul', scope),
  gemm: ({ attributes: { transposeA, transposeB } }, scope) =>
    call('Gemm', scope, { transA: Number(transposeA), transB: Number(transposeB) }),
  softmax: ({ attributes: { axis } }, scope) => call('Softmax', scope, { axis }),
  gelu: (_, scope) => call('Gelu', scope),
  layerNorm: ({ attributes: { epsilon } }, scope) =>
    call('LayerNormalization', scope, { axis: -1, epsilon: { real: epsilon } }),
  mean: ({ attributes: { axes } }, scope) => call('ReduceMean', scope, { keepdims: 0 }, { axes }),
  reshape: ({ shape }, scope) => call('Reshape', scope, {}, { shape }),
  transpose: ({ attributes: { permutation } }, scope) => call('Transpose', scope, { perm: permutation }),
  slice: ({ attributes: { axis, start, end } }, scope) =>
    call('Slice', scope, {}, { starts: [start], ends: [end], axes: [axis] }),
}

type Integers = Readonly<Record<string, readonly number[]>>

/** A call of the ONNX operator `type`; `operands` are further inputs, given as constant lists of int64. */
function call(
  type: string,
  { inputs, output }: Scope,
  attributes: Readonly<Record<string, Attribute>> = {},
  operands: Integers = {},
): Lowered {
  const initializers = Object.entries(operands).map(([role, integers]) => int64s(`${output}.${role}`, integers))
  return { node: { type, inputs: [...inputs, ...initializers.map(({ name }) => name)], attributes }, initializers }
}

function int64s(name: string, integers: readonly number[]): Initializer {
  return { name, value: { dtype: 'int64', shape: [integers.length], data: BigInt64Array.from(integers, BigInt) } }
}
