import { gemm, l2Normalise, type Tensor } from '@takt/graph'
import { truncatedNormal } from '../initialisers.ts'
import type { Leaf } from '../parameters.ts'

/** weight [count, dim]: only where a row points counts. */
export interface Prototypes<T> {
  readonly weight: T
}

interface PrototypeSizes {
  readonly dim: number
  readonly count: number
}

export function declarePrototypes<T>(leaf: Leaf<T>, { dim, count }: PrototypeSizes): Prototypes<T> {
  return { weight: leaf({ name: 'weight', shape: [count, dim], initialiser: truncatedNormal(0.02) }) }
}

/**
 * Cosine of each row with each prototype, [rows, dim] → [rows, count]: a linear layer with weight normalisation
 * (Salimans & Kingma, 2016) whose gains are fixed at 1, after L2 normalisation, as in SwAV and DINO.
 */
export function prototypes({ weight }: Prototypes<Tensor>, x: Tensor): Tensor {
  return gemm([l2Normalise(x), l2Normalise(weight)], { transposeB: true })
}
