import { mul, type Tensor } from '@takt/graph'
import { filled } from '../initialisers.ts'
import type { Leaf } from '../parameters.ts'

/** gain [dim] */
export interface LayerScale<T> {
  readonly gain: T
}

/** `initial` is 1e-5 in DINOv2; small, so that every block starts near the identity. */
export function declareLayerScale<T>(leaf: Leaf<T>, dim: number, initial: number): LayerScale<T> {
  return { gain: leaf({ name: 'gain', shape: [dim], initialiser: filled(initial) }) }
}

/** y = x·gain over rows, before a block's addition: Touvron et al., 2021 (CaiT). */
export function layerScale({ gain }: LayerScale<Tensor>, x: Tensor): Tensor {
  return mul(x, gain)
}
