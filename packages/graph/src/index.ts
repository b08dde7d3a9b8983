export { GraphError } from './errors.ts'
export { type Graph, traceGraph } from './graph.ts'
export { add } from './ops/add.ts'
export { cast } from './ops/cast.ts'
export { constant } from './ops/constant.ts'
export { div } from './ops/div.ts'
export { gelu } from './ops/gelu.ts'
export { gemm } from './ops/gemm.ts'
export { input } from './ops/input.ts'
export { layerNorm } from './ops/layer-norm.ts'
export { matmul } from './ops/matmul.ts'
export { mean } from './ops/mean.ts'
export { mul } from './ops/mul.ts'
export { parameter } from './ops/parameter.ts'
export { reshape } from './ops/reshape.ts'
export { scalar } from './ops/scalar.ts'
export { slice } from './ops/slice.ts'
export { softmax } from './ops/softmax.ts'
export { sub } from './ops/sub.ts'
export { transpose } from './ops/transpose.ts'
export { eliminateDeadCode } from './passes/eliminate-dead-code.ts'
export { selectOutputs } from './passes/select-outputs.ts'
export { printGraph } from './print-graph.ts'
export { rebuild } from './rules.ts'
export type { Attributes, Inputs, Operator, Tensor, TensorOf } from './tensor.ts'
export { tensorNames } from './tensor-names.ts'
export {
  type DataOf,
  type DType,
  elementCount,
  float32,
  printType,
  type Shape,
  sameShape,
  type TensorType,
  type TensorValue,
} from './tensor-value.ts'
