import { makeTensor } from './make-tensor.ts'
import { absRule } from './ops/abs.ts'
import { addRule } from './ops/add.ts'
import { argmaxRule } from './ops/argmax.ts'
import { castRule } from './ops/cast.ts'
import { concatRule } from './ops/concat.ts'
import { constantRule } from './ops/constant.ts'
import { divRule } from './ops/div.ts'
import { equalRule } from './ops/equal.ts'
import { erfRule } from './ops/erf.ts'
import { expRule } from './ops/exp.ts'
import { floorRule } from './ops/floor.ts'
import { gatherRule, scatterAddRule } from './ops/gather-and-scatter-add.ts'
import { geluRule } from './ops/gelu.ts'
import { gemmRule } from './ops/gemm.ts'
import { inputRule } from './ops/input.ts'
import { layerNormRule } from './ops/layer-norm.ts'
import { lessRule } from './ops/less.ts'
import { logRule } from './ops/log.ts'
import { logSoftmaxRule } from './ops/log-softmax.ts'
import { loopRule } from './ops/loop.ts'
import { matmulRule } from './ops/matmul.ts'
import { maxRule } from './ops/max.ts'
import { maximumRule } from './ops/maximum.ts'
import { meanRule } from './ops/mean.ts'
import { minimumRule } from './ops/minimum.ts'
import { mulRule } from './ops/mul.ts'
import { negRule } from './ops/neg.ts'
import { parameterRule } from './ops/parameter.ts'
import { powRule } from './ops/pow.ts'
import { reluRule } from './ops/relu.ts'
import { reshapeRule } from './ops/reshape.ts'
import { sigmoidRule } from './ops/sigmoid.ts'
import { signRule } from './ops/sign.ts'
import { cosRule, sinRule } from './ops/sin-and-cos.ts'
import { padRule, sliceRule } from './ops/slice-and-pad.ts'
import { softmaxRule } from './ops/softmax.ts'
import { sqrtRule } from './ops/sqrt.ts'
import { stopGradientRule } from './ops/stop-gradient.ts'
import { subRule } from './ops/sub.ts'
import { expandRule, sumRule } from './ops/sum-and-expand.ts'
import { tanhRule } from './ops/tanh.ts'
import { topKRule } from './ops/top-k.ts'
import { transposeRule } from './ops/transpose.ts'
import { whereRule } from './ops/where.ts'
import type { Attributes, GradientRule, Inputs, Operator, Rule, Tensor, TensorOf } from './tensor.ts'

/** The rule of every operator; an operator without one does not compile. */
export const rules: { readonly [O in Operator]: Rule<O> } = {
  input: inputRule,
  parameter: parameterRule,
  constant: constantRule,
  cast: castRule,
  stopGradient: stopGradientRule,
  add: addRule,
  sub: subRule,
  mul: mulRule,
  div: divRule,
  maximum: maximumRule,
  minimum: minimumRule,
  equal: equalRule,
  less: lessRule,
  where: whereRule,
  neg: negRule,
  abs: absRule,
  sign: signRule,
  floor: floorRule,
  exp: expRule,
  log: logRule,
  sqrt: sqrtRule,
  pow: powRule,
  sin: sinRule,
  cos: cosRule,
  tanh: tanhRule,
  sigmoid: sigmoidRule,
  relu: reluRule,
  erf: erfRule,
  gelu: geluRule,
  matmul: matmulRule,
  gemm: gemmRule,
  sum: sumRule,
  mean: meanRule,
  max: maxRule,
  argmax: argmaxRule,
  topK: topKRule,
  softmax: softmaxRule,
  logSoftmax: logSoftmaxRule,
  layerNorm: layerNormRule,
  reshape: reshapeRule,
  transpose: transposeRule,
  expand: expandRule,
  slice: sliceRule,
  pad: padRule,
  concat: concatRule,
  gather: gatherRule,
  scatterAdd: scatterAddRule,
  loop: loopRule,
}

/** The same operator, made at the same place, on other inputs and attributes; typed anew. */
export function rebuild<O extends Operator>(
  { operator, attributes, origin }: TensorOf<O>,
  inputs: Inputs<O>,
  changed: Partial<Attributes<O>> = {},
): Tensor {
  return makeTensor<O>(operator, rules[operator], inputs, { ...attributes, ...changed }, origin)
}

/** The gradients by a tensor's inputs, given d, that by the tensor; none where differentiation ends at it. */
export function inputGradients<O extends Operator>(d: Tensor, y: TensorOf<O>): readonly (Tensor | undefined)[] {
  const { gradient } = rules[y.operator]
  return gradient === 'none' ? [] : (gradient as GradientRule<O>)(d, y)
}
