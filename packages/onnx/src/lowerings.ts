import { type Operator, type TensorOf, type TensorValue, tensorValue } from '@takt/graph'
import { int64s } from './int64s.ts'
import { lowerLoop } from './lower-loop.ts'
import { lowerScatterAdd } from './lower-scatter-add.ts'
import type { Call, Lowered, Scope } from './lowered.ts'
import { dataTypes } from './model-proto.ts'

type Lowering<O extends Operator> = (tensor: TensorOf<O>, scope: Scope) => Lowered

/** ONNX's name and form of every operator; one without a row does not compile. */
export const lowerings: { readonly [O in Operator]: Lowering<O> } = {
  input: ({ attributes: { name, type } }) => ({ inputs: [{ name, type }] }),
  parameter: ({ attributes: { name, type } }, { output, parameterValue }) => ({
    initializers: [{ name: output, value: parameterValue(name, type) }],
  }),
  constant: ({ attributes: { value } }, { output }) => ({ initializers: [{ name: output, value }] }),
  cast: ({ attributes: { to } }, scope) => call('Cast', scope, { to: dataTypes[to] }),
  stopGradient: named('Identity'),

  add: named('Add'),
  sub: named('Sub'),
  mul: named('Mul'),
  div: named('Div'),
  maximum: named('Max'),
  minimum: named('Min'),
  equal: named('Equal'),
  less: named('Less'),
  where: named('Where'),

  neg: named('Neg'),
  abs: named('Abs'),
  sign: named('Sign'),
  floor: named('Floor'),
  exp: named('Exp'),
  log: named('Log'),
  sqrt: named('Sqrt'),
  pow: ({ dtype, attributes: { exponent } }, scope) =>
    call('Pow', scope, {}, { exponent: tensorValue({ dtype, shape: [] }, [exponent]) }),
  sin: named('Sin'),
  cos: named('Cos'),
  tanh: named('Tanh'),
  sigmoid: named('Sigmoid'),
  relu: named('Relu'),
  erf: named('Erf'),
  gelu: named('Gelu'),

  matmul: named('MatMul'),
  gemm: ({ attributes: { transposeA, transposeB } }, scope) =>
    call('Gemm', scope, { transA: Number(transposeA), transB: Number(transposeB) }),

  sum: reduction('ReduceSum'),
  mean: reduction('ReduceMean'),
  max: reduction('ReduceMax'),
  argmax: ({ attributes: { axis } }, scope) => call('ArgMax', scope, { axis, keepdims: 0 }),
  topK: ({ attributes: { k, axis } }, scope) => {
    const { calls: [topK] = [], initializers = [] } = call('TopK', scope, { axis }, { k: int64s([k]) })
    return { calls: [{ ...topK!, outputs: [`${scope.output}%values`, scope.output] }], initializers }
  },

  softmax: ({ attributes: { axis } }, scope) => call('Softmax', scope, { axis }),
  logSoftmax: ({ attributes: { axis } }, scope) => call('LogSoftmax', scope, { axis }),
  layerNorm: ({ attributes: { epsilon } }, scope) =>
    call('LayerNormalization', scope, { axis: -1, epsilon: { real: epsilon } }),

  reshape: ({ shape }, scope) => call('Reshape', scope, {}, { shape: int64s(shape) }),
  transpose: ({ attributes: { permutation } }, scope) => call('Transpose', scope, { perm: permutation }),
  expand: ({ shape }, scope) => call('Expand', scope, {}, { shape: int64s(shape) }),
  slice: ({ attributes: { axis, start, end } }, scope) =>
    call('Slice', scope, {}, { starts: int64s([start]), ends: int64s([end]), axes: int64s([axis]) }),
  pad: ({ shape, attributes: { axis, before, after } }, scope) => {
    const none = shape.map(() => 0)
    return call('Pad', scope, {}, { pads: int64s([...none.with(axis, before), ...none.with(axis, after)]) })
  },
  concat: ({ attributes: { axis } }, scope) => call('Concat', scope, { axis }),
  gather: ({ attributes: { axis } }, scope) => call('Gather', scope, { axis }),
  scatterAdd: lowerScatterAdd,

  loop: lowerLoop,
}

function named(type: string): (tensor: unknown, scope: Scope) => Lowered {
  return (_, scope) => call(type, scope)
}

function reduction(type: string): Lowering<'sum' | 'mean' | 'max'> {
  return ({ attributes: { axes, keepAxes } }, scope) =>
    call(type, scope, { keepdims: Number(keepAxes) }, { axes: int64s(axes) })
}

/** A call of the ONNX operator `type`; `operands` are further inputs, given as constants. */
function call(
  type: string,
  { inputs, output }: Scope,
  attributes: Call['attributes'] = {},
  operands: Readonly<Record<string, TensorValue>> = {},
): Lowered {
  const initializers = Object.entries(operands).map(([role, value]) => ({ name: `${output}%${role}`, value }))
  const names = [...inputs, ...initializers.map(({ name }) => name)]
  return { calls: [{ type, inputs: names, outputs: [output], attributes }], initializers }
}
