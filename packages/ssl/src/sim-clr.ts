import {
  add,
  concat,
  constant,
  float32,
  l2Normalise,
  logSoftmax,
  matmul,
  mean,
  mul,
  neg,
  scalarOf,
  sum,
  swapLastAxes,
  type Tensor,
} from '@takt/graph'
import { declareProjector, type Leaf, lars, projector } from '@takt/nn'
import { type Branch, type JointEmbeddingPreset, jointEmbedding } from './joint-embedding.ts'
import type { Method, Setting } from './method.ts'
import { plantRecipe } from './plant-recipe.ts'
import { paperViews } from './views/paper-views.ts'
import { plantViews } from './views/plant-views.ts'

/*
 * SimCLR: Chen, Kornblith, Norouzi & Hinton, "A Simple Framework for Contrastive Learning of Visual Representations",
 * ICML 2020; v2: Chen et al., "Big Self-Supervised Models are Strong Semi-Supervised Learners", NeurIPS 2020, whose
 * projector is deeper. Of the 2B views of B clips, z₂ₖ₋₁ and z₂ₖ are of one clip.
 *
 *     (1)   ℓ(i, j) = − log  exp(sim(zᵢ, zⱼ)/τ) / Σ_{k ≠ i} exp(sim(zᵢ, zₖ)/τ)        sim(u, v) = u·v / ‖u‖‖v‖
 *           L = 1/2B · Σₖ [ℓ(2k − 1, 2k) + ℓ(2k, 2k − 1)]
 */

/** Less than any similarity over any temperature, and gone in a softmax. */
const NEVER = -1e9

/** (1), NT-Xent, a scalar: both views' embeddings [groups, batch, dim], each group with its own negatives. */
export function ntXent([first, second]: readonly [Tensor, Tensor], temperature: number): Tensor {
  const views = l2Normalise(concat([first, second], 1))
  const count = views.shape[1]!
  const similarities = mul(matmul(views, swapLastAxes(views)), scalarOf(views, 1 / temperature))
  const others = add(similarities, constant(matrix(count, (i, k) => (i === k ? NEVER : 0))))
  const partner = constant(matrix(count, (i, k) => (Math.abs(i - k) === count / 2 ? 1 : 0)))
  return neg(mean(sum(mul(logSoftmax(others), partner), [2]), [0, 1]))
}

function matrix(size: number, at: (row: number, column: number) => number) {
  return float32(
    [size, size],
    Array.from({ length: size * size }, (_, i) => at(Math.floor(i / size), i % size)),
  )
}

export interface SimClrPreset extends JointEmbeddingPreset {
  readonly temperature: number
  /** Linear layers of the projector, each but the last as wide as the encoder: 2 in SimCLR, 3 in v2. */
  readonly layers: number
  readonly outputs: number
}

export function simClr(preset: SimClrPreset): (setting: Setting) => Method {
  const { temperature, layers, outputs } = preset
  const declareHeads = <T>(leaf: Leaf<T>, inputs: number) =>
    declareProjector(leaf, { inputs, hidden: inputs, outputs, layers })
  const loss = ({ heads, features: [first, second] }: Branch) => {
    const g = declareHeads(heads, first.shape.at(-1)!)
    return ntXent([projector(g, first), projector(g, second)], temperature)
  }
  return setting => jointEmbedding({ name: 'sim-clr', preset, declareHeads, loss }, setting)
}

const paper: SimClrPreset = {
  optimiser: () => lars(),
  peakRate: batch => (0.3 * batch) / 256,
  warmupShare: 0.1,
  decay: [1e-6, 1e-6],
  clipNorm: Number.POSITIVE_INFINITY,
  views: paperViews.simClr,
  levels: ['clip'],
  temperature: 0.1,
  layers: 2,
  outputs: 128,
}

export const simClrPresets = {
  /** Chen et al., 2020, section 2.2 and appendix B: 100 epochs, 10 of them to warm up; a view is half of a clip. */
  paper,
  /** v2's projector. Its authors fine-tune from the projector's middle; embedding takes the encoder alone. */
  v2: { ...paper, layers: 3 },
  /** For a plant's own video and minutes on a CPU: few negatives, small changes, a loss a place. */
  plant: { ...paper, ...plantRecipe, views: plantViews, levels: ['clip', 'place'], temperature: 0.2 },
} as const satisfies Readonly<Record<string, SimClrPreset>>
