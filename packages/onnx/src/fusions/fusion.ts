import type { Tensor } from '@takt/graph'
import type { Lowered, Scope } from '../lowered.ts'

/** Calls that compute a tensor from others than its own inputs, in place of what lies between. */
export interface Fusion {
  readonly inputs: readonly Tensor[]
  readonly lower: (scope: Scope) => Lowered
}

/** Recognises a tensor that it can compute; a fusion gives the same value, to the precision that it is made for. */
export type Fuse = (tensor: Tensor) => Fusion | undefined
