import { below, cosine, declareProjector, type Leaf } from '@takt/nn'
import type { Teacher } from './method.ts'

/** Heads of a network that is followed by another, which has no predictor: BYOL's and MoCo v3's. */
export interface MomentumHeads {
  /** Middle and end of the projector's layers and of the predictor's two. */
  readonly hidden: number
  readonly outputs: number
  /** Share of itself that the following network keeps at the first step, whence half a cosine to 1. */
  readonly momentum: number
}

export function declareProjection<T>(leaf: Leaf<T>, inputs: number, heads: MomentumHeads, layers: number) {
  const { hidden, outputs } = heads
  return declareProjector(below('projector', leaf), { inputs, hidden, outputs, layers })
}

export function declarePrediction<T>(leaf: Leaf<T>, { hidden, outputs }: MomentumHeads) {
  return declareProjector(below('predictor', leaf), { inputs: outputs, hidden, outputs, layers: 2 })
}

/** Who follows all but the predictor. */
export function momentumTeacher({ momentum }: MomentumHeads, steps: number): Teacher {
  return {
    follows: name => !name.includes('.predictor.'),
    momentum: cosine({ from: momentum, to: 1, steps }),
    serves: 'learner',
  }
}
