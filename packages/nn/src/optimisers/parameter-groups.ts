import type { Shape } from '@takt/graph'

/** How an optimiser treats one parameter. */
export interface ParameterGroup {
  /** Whether weight decay applies, and with LARS the layer's own rate. */
  readonly decayed: boolean
  /** Multiplies the learning rate. */
  readonly rateScale: number
}

export type Grouping = (name: string, shape: Shape) => ParameterGroup

/** Decays the weights of linear and convolutional layers; biases, norms, scales and tokens keep their size. */
export const decayWeights: Grouping = (name, shape) => ({
  decayed: shape.length > 1 && (name === 'weight' || name.endsWith('.weight')),
  rateScale: 1,
})

interface LayerDecay {
  /** Blocks of the encoder. */
  readonly depth: number
  /** Rate of a layer over that of the layer above it. */
  readonly factor: number
  /** Path of the encoder in the tree, with its last dot; others learn at the full rate. */
  readonly root?: string
}

/**
 * `decayWeights` with a rate that falls by `factor` from layer to layer, downwards: factor^(depth + 1 − layer), where
 * patches and tokens are layer 0, block i is layer i + 1 and what follows is layer depth + 1. As in BEiT
 * (Bao et al., 2022) and DINOv2 (Oquab et al., 2024; .9).
 */
export function decayLayers({ depth, factor, root = '' }: LayerDecay): Grouping {
  return (name, shape) => {
    const { decayed } = decayWeights(name, shape)
    if (!name.startsWith(root)) return { decayed, rateScale: 1 }
    const layer = layerOf(name.slice(root.length), depth)
    return { decayed, rateScale: factor ** (depth + 1 - layer) }
  }
}

const STEM = new Set(['patch', 'classToken', 'registers', 'maskToken'])

function layerOf(name: string, depth: number): number {
  const [part = '', index] = name.split('.')
  if (STEM.has(part)) return 0
  return part === 'blocks' ? Number(index) + 1 : depth + 1
}
