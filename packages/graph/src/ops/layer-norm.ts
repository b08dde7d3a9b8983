import { makeTensor, refuse } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { sameShape } from '../tensor-value.ts'
import { requireFloats } from './float.ts'

export const layerNormRule: Rule<'layerNorm'> = {
  type: ([x, scale, bias]) => {
    const operands = [x, scale, bias]
    requireFloats('layerNorm', operands)
    const features = x.shape.slice(-1)
    if (features.length === 0 || !sameShape(scale.shape, features) || !sameShape(bias.shape, features)) {
      refuse('layerNorm', operands, `scale and bias must be of the last axis alone, [${features.join(', ')}]`)
    }
    return x
  },
}

/** y = (x − μ) / √(σ² + ε) · scale + bias, with μ and σ² over the last axis: Ba et al., 2016. */
export function layerNorm(operands: readonly [x: Tensor, scale: Tensor, bias: Tensor], epsilon: number): Tensor {
  return makeTensor('layerNorm', layerNormRule, operands, { epsilon })
}
