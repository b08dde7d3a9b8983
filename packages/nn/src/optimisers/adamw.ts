import { add, div, mul, scalarOf, sqrt, sub, type Tensor, tanh } from '@takt/graph'
import { mapNamed, namesBelow, prefixNames, requireSameNames } from '../named.ts'
import { type Optimiser, zerosLike } from './optimiser.ts'
import { decayWeights, type Grouping } from './parameter-groups.ts'

interface AdamW {
  /** Share of the first moment that a step keeps. */
  readonly beta1?: number
  /** Share of the second moment that a step keeps; .95 in MAE and VideoMAE. */
  readonly beta2?: number
  readonly epsilon?: number
  readonly grouping?: Grouping
}

/**
 * Adam with decoupled weight decay: Loshchilov & Hutter, 2019, algorithm 2, with the decay multiplied by the rate as
 * in PyTorch. Its state is `first.p` and `second.p` for each parameter p.
 *
 *     m ← β₁·m + (1 − β₁)·g             m̂ = m / (1 − β₁ᵗ)
 *     v ← β₂·v + (1 − β₂)·g²            v̂ = v / (1 − β₂ᵗ)
 *     p ← p − rate·decay·p − rate·m̂ / (√v̂ + ε)
 */
export function adamW({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, grouping = decayWeights }: AdamW = {}): Optimiser {
  return {
    initialState: parameters => {
      const zeros = mapNamed(parameters, zerosLike)
      return { ...prefixNames('first.', zeros), ...prefixNames('second.', zeros) }
    },
    step: ({ parameters, gradients, state, rate, decay, step }) => {
      const [oldFirst, oldSecond] = [namesBelow('first.', state), namesBelow('second.', state)]
      requireSameNames('gradients', gradients, parameters)
      requireSameNames('first moments', oldFirst, parameters)
      requireSameNames('second moments', oldSecond, parameters)

      const first = mapNamed(oldFirst, (m, name) => average(m, gradients[name]!, beta1))
      const second = mapNamed(oldSecond, (v, name) => average(v, mul(gradients[name]!, gradients[name]!), beta2))

      // m̂/(√v̂ + ε) = m/(√v + ε·√c₂) · √c₂/c₁ with c = 1 − βᵗ: the corrections cost scalars alone.
      const deviation = sqrt(oneMinusPower(beta2, step))
      const correction = div(deviation, oneMinusPower(beta1, step))
      const floor = mul(deviation, scalarOf(step, epsilon))

      const moved = mapNamed(parameters, (p, name) => {
        const { decayed, rateScale } = grouping(name, p.shape)
        const ownRate = mul(rate, scalarOf(rate, rateScale))
        const kept = decayed ? mul(p, sub(scalarOf(rate, 1), mul(ownRate, decay))) : p
        const direction = div(first[name]!, add(sqrt(second[name]!), floor))
        return sub(kept, mul(direction, mul(ownRate, correction)))
      })
      return { parameters: moved, state: { ...prefixNames('first.', first), ...prefixNames('second.', second) } }
    },
  }
}

/** β·old + (1 − β)·latest */
function average(old: Tensor, latest: Tensor, beta: number): Tensor {
  return add(mul(old, scalarOf(old, beta)), mul(latest, scalarOf(latest, 1 - beta)))
}

/**
 * 1 − βᵗ as 2u/(1 + u) with u = tanh(−t·ln β / 2). In float32 the difference itself would lose four of seven digits
 * for β = .999 in the first steps.
 */
function oneMinusPower(beta: number, step: Tensor): Tensor {
  const u = tanh(mul(step, scalarOf(step, -Math.log(beta) / 2)))
  return div(mul(u, scalarOf(u, 2)), add(u, scalarOf(u, 1)))
}
