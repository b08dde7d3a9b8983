import { standardise } from '../composed/standardise.ts'
import { makeTensor, refuse } from '../make-tensor.ts'
import type { Rule, Tensor } from '../tensor.ts'
import { sameShape } from '../tensor-value.ts'
import { div } from './div.ts'
import { requireFloats } from './float.ts'
import { mean } from './mean.ts'
import { mul } from './mul.ts'
import { sub } from './sub.ts'
import { reduceTo } from './sum-and-expand.ts'

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
  // With x̂ = (x − μ)/σ and g = d·scale: ∂/∂x = (g − mean g − x̂·mean(g·x̂))/σ, ∂/∂scale = Σ d·x̂, ∂/∂bias = Σ d
  gradient: (d, { inputs: [x, scale, bias], attributes: { epsilon } }) => {
    const { normalised, deviation } = standardise(x, { axes: [-1], epsilon })
    const g = mul(d, scale)
    const over = (t: Tensor) => mean(t, [-1], { keepAxes: true })
    const across = sub(sub(g, over(g)), mul(normalised, over(mul(g, normalised))))
    return [div(across, deviation), reduceTo(mul(d, normalised), scale.shape), reduceTo(d, bias.shape)]
  },
}

/** y = (x − μ) / √(σ² + ε) · scale + bias, with μ and σ² over the last axis: Ba et al., 2016. */
export function layerNorm(operands: readonly [x: Tensor, scale: Tensor, bias: Tensor], epsilon: number): Tensor {
  return makeTensor('layerNorm', layerNormRule, operands, { epsilon })
}
