import { makeTensor } from './make-tensor.ts'
import { addRule } from './ops/add.ts'
import { castRule } from './ops/cast.ts'
import { constantRule } from './ops/constant.ts'
import { divRule } from './ops/div.ts'
import { geluRule } from './ops/gelu.ts'
import { gemmRule } from './ops/gemm.ts'
import { inputRule } from './ops/input.ts'
import { layerNormRule } from './ops/layer-norm.ts'
import { matmulRule } from './ops/matmul.ts'
import { meanRule } from './ops/mean.ts'
import { mulRule } from './ops/mul.ts'
import { parameterRule } from './ops/parameter.ts'
import { reshapeRule } from './ops/reshape.ts'
import { sliceRule } from './ops/slice.ts'
import { softmaxRule } from './ops/softmax.ts'
import { subRule } from './ops/sub.ts'
import { transposeRule } from './ops/transpose.ts'
import type { Inputs, Operator, Rule, Tensor, TensorOf } from './tensor.ts'

/** The rule of every operator; an operator without one does not compile. */
export const rules: { readonly [O in Operator]: Rule<O> } = {
  input: inputRule,
  parameter: parameterRule,
  constant: constantRule,
  cast: castRule,
  add: addRule,
  sub: subRule,
  mul: mulRule,
  div: divRule,
  matmul: matmulRule,
  gemm: gemmRule,
  softmax: softmaxRule,
  gelu: geluRule,
  layerNorm: layerNormRule,
  mean: meanRule,
  reshape: reshapeRule,
  transpose: transposeRule,
  slice: sliceRule,
}

/** The same operator on other inputs, typed anew. */
export function rebuild<O extends Operator>({ operator, attributes }: TensorOf<O>, inputs: Inputs<O>): Tensor {
  return makeTensor<O>(operator, rules[operator], inputs, attributes)
}
