export { GraphError } from './errors.ts'
export { gradients } from './gradients.ts'
export { traceGraph } from './graph.ts'
export { loopRuns } from './loop-runs.ts'
export { abs } from './ops/abs.ts'
export { add } from './ops/add.ts'
export { argmax } from './ops/argmax.ts'
export { cast } from './ops/cast.ts'
export { concat } from './ops/concat.ts'
export { constant } from './ops/constant.ts'
export { div } from './ops/div.ts'
export { equal } from './ops/equal.ts'
export { erf } from './ops/erf.ts'
export { exp } from './ops/exp.ts'
export { floor } from './ops/floor.ts'
export { gather, scatterAdd } from './ops/gather-and-scatter-add.ts'
export { gelu } from './ops/gelu.ts'
export { gemm } from './ops/gemm.ts'
export { input } from './ops/input.ts'
export { layerNorm } from './ops/layer-norm.ts'
export { less } from './ops/less.ts'
export { log } from './ops/log.ts'
export { logSoftmax } from './ops/log-softmax.ts'
export { loop } from './ops/loop.ts'
export { matmul } from './ops/matmul.ts'
export { max } from './ops/max.ts'
export { maximum } from './ops/maximum.ts'
export { mean } from './ops/mean.ts'
export { minimum } from './ops/minimum.ts'
export { mul } from './ops/mul.ts'
export { neg } from './ops/neg.ts'
export { parameter } from './ops/parameter.ts'
export { pow } from './ops/pow.ts'
export { range } from './ops/range.ts'
export { relu } from './ops/relu.ts'
export { reshape } from './ops/reshape.ts'
export { scalar, scalarOf } from './ops/scalar.ts'
export { sigmoid } from './ops/sigmoid.ts'
export { sign } from './ops/sign.ts'
export { cos, sin } from './ops/sin-and-cos.ts'
export { pad, slice } from './ops/slice-and-pad.ts'
export { softmax } from './ops/softmax.ts'
export { sqrt } from './ops/sqrt.ts'
export { stopGradient } from './ops/stop-gradient.ts'
export { sub } from './ops/sub.ts'
export { expand, sum } from './ops/sum-and-expand.ts'
export { tanh } from './ops/tanh.ts'
export { topK } from './ops/top-k.ts'
export { swapLastAxes, transpose } from './ops/transpose.ts'
export { where } from './ops/where.ts'
export { eliminateDeadCode } from './passes/eliminate-dead-code.ts'
export { foldConstants } from './passes/fold-constants.ts'
export { type Rewrite, rewriteGraph } from './passes/rewrite-graph.ts'
export { selectOutputs } from './passes/select-outputs.ts'
export { shareSubexpressions } from './passes/share-subexpressions.ts'
export { simplify } from './passes/simplify.ts'
export { widenToFloat64 } from './passes/widen-to-float64.ts'
export { printGraph } from './print-graph.ts'
export { rebuild } from './rules.ts'
export { type Standardised, standardise } from './standardise.ts'
export type { Attributes, Graph, Inputs, Operator, Tensor, TensorOf } from './tensor.ts'
export { tensorNames } from './tensor-names.ts'
export {
  type DataOf,
  type DType,
  elementCount,
  type FloatType,
  float32,
  isFloat,
  printType,
  type Shape,
  sameShape,
  sameType,
  type TensorType,
  type TensorValue,
  tensorValue,
  toNumbers,
} from './tensor-value.ts'
