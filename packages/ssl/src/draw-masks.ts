import type { Draws } from './draws.ts'

/** Which tokens of a clip an encoder sees, and which it does not: token numbers. */
export interface TokenMask {
  readonly visible: readonly number[]
  readonly hidden: readonly number[]
}

interface ClipMasks {
  /** Clips a step. */
  readonly batch: number
  /** Tokens that every mask leaves and hides. */
  readonly visible: number
  readonly hidden: number
  /** A mask by the stream that its clip of its step draws from. */
  readonly mask: (stream: string) => TokenMask
}

/** A mask of its own for every clip of every step: int64 `visible` and `hidden` [batch, tokens]. */
export function drawMasks({ batch, visible, hidden, mask }: ClipMasks): Draws {
  return {
    types: {
      visible: { dtype: 'int64', shape: [batch, visible] },
      hidden: { dtype: 'int64', shape: [batch, hidden] },
    },
    at: step => {
      const masks = Array.from({ length: batch }, (_, clip) => mask(`mask ${step} ${clip}`))
      return { visible: masks.flatMap(each => each.visible), hidden: masks.flatMap(each => each.hidden) }
    },
  }
}
