import { add, div, less, minimum, mul, scalarOf, sqrt, sub, type Tensor, where } from '@takt/graph'
import { mapNamed, namesBelow, prefixNames, requireSameNames } from '../named.ts'
import { type Optimiser, zerosLike } from './optimiser.ts'
import { decayWeights, type Grouping } from './parameter-groups.ts'
import { sumOfSquares } from './sum-of-squares.ts'

interface Lars {
  readonly momentum?: number
  /** Length of a step over that of the weights, at a rate of 1: η. */
  readonly trust?: number
  readonly grouping?: Grouping
}

/**
 * Layer-wise adaptive rates: You, Gitman & Ginsburg, 2017, algorithm 1. Its state is `velocity.p` for each parameter p.
 *
 *     λ = η·‖p‖ / (‖g‖ + decay·‖p‖)
 *     v ← μ·v + rate·λ·(g + decay·p)
 *     p ← p − v
 *
 * λ is 1 where ‖p‖ or ‖g‖ is zero, and for parameters without decay, as in SimCLR and BYOL.
 */
export function lars({ momentum = 0.9, trust = 1e-3, grouping = decayWeights }: Lars = {}): Optimiser {
  return {
    initialState: parameters => prefixNames('velocity.', mapNamed(parameters, zerosLike)),
    step: ({ parameters, gradients, state, rate, decay }) => {
      const old = namesBelow('velocity.', state)
      requireSameNames('gradients', gradients, parameters)
      requireSameNames('velocities', old, parameters)

      const velocity = mapNamed(parameters, (p, name) => {
        const g = gradients[name]!
        const { decayed, rateScale } = grouping(name, p.shape)
        const ownRate = mul(rate, scalarOf(rate, rateScale))
        const push = decayed
          ? mul(add(g, mul(p, decay)), mul(ownRate, layerRate({ p, g, decay, trust })))
          : mul(g, ownRate)
        return add(mul(old[name]!, scalarOf(p, momentum)), push)
      })
      const moved = mapNamed(parameters, (p, name) => sub(p, velocity[name]!))
      return { parameters: moved, state: prefixNames('velocity.', velocity) }
    },
  }
}

interface Layer {
  readonly p: Tensor
  readonly g: Tensor
  readonly decay: Tensor
  readonly trust: number
}

/** λ */
function layerRate({ p, g, decay, trust }: Layer): Tensor {
  const [length, slope] = [sqrt(sumOfSquares(p)), sqrt(sumOfSquares(g))]
  const ratio = div(mul(length, scalarOf(p, trust)), add(slope, mul(decay, length)))
  return where(less(scalarOf(p, 0), minimum(length, slope)), ratio, scalarOf(p, 1))
}
