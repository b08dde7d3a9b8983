import { add, mul, scalarOf, sub } from '@takt/graph'
import { mapNamed, namesBelow, prefixNames, requireSameNames } from '../named.ts'
import { type Optimiser, zerosLike } from './optimiser.ts'
import { decayWeights, type Grouping } from './parameter-groups.ts'

interface Sgd {
  /** Share of the velocity that a step keeps. */
  readonly momentum?: number
  readonly grouping?: Grouping
}

/**
 * Gradient descent with momentum in PyTorch's form, where the rate multiplies the velocity (Sutskever et al., 2013,
 * has it inside), so that a new rate acts at once. Its state is `velocity.p` for each parameter p.
 *
 *     b ← μ·b + g + decay·p
 *     p ← p − rate·b
 */
export function sgd({ momentum = 0.9, grouping = decayWeights }: Sgd = {}): Optimiser {
  return {
    initialState: parameters => prefixNames('velocity.', mapNamed(parameters, zerosLike)),
    step: ({ parameters, gradients, state, rate, decay }) => {
      const old = namesBelow('velocity.', state)
      requireSameNames('gradients', gradients, parameters)
      requireSameNames('velocities', old, parameters)

      const velocity = mapNamed(parameters, (p, name) => {
        const g = gradients[name]!
        const pull = grouping(name, p.shape).decayed ? add(g, mul(p, decay)) : g
        return add(mul(old[name]!, scalarOf(p, momentum)), pull)
      })
      const moved = mapNamed(parameters, (p, name) => {
        const { rateScale } = grouping(name, p.shape)
        return sub(p, mul(velocity[name]!, mul(rate, scalarOf(rate, rateScale))))
      })
      return { parameters: moved, state: prefixNames('velocity.', velocity) }
    },
  }
}
