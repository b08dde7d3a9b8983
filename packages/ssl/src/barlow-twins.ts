import { add, gemm, mean, mul, reshape, scalarOf, sub, sum, type Tensor } from '@takt/graph'
import { decayWeights, declareProjector, type Grouping, type Leaf, lars, projector, standardiseColumns } from '@takt/nn'
import { type Branch, type JointEmbeddingPreset, jointEmbedding } from './joint-embedding.ts'
import type { Method, Setting } from './method.ts'
import { plantRecipe } from './plant-recipe.ts'
import { paperViews } from './views/paper-views.ts'
import { plantViews } from './views/plant-views.ts'

/*
 * Barlow Twins: Zbontar, Jing, Misra, LeCun & Deny, "Barlow Twins: Self-Supervised Learning via Redundancy Reduction",
 * ICML 2021. Of both views' embeddings zᴬ and zᴮ, each dimension standardised over the batch:
 *
 *     (1)   L = Σᵢ (1 − Cᵢᵢ)² + λ·Σᵢ Σ_{j ≠ i} Cᵢⱼ²
 *     (2)   Cᵢⱼ = 1/B · Σ_b zᴬ_{b,i} · zᴮ_{b,j}
 *
 * A group is standardised by its own clips and C is the mean of the groups', so that what differs between times and places
 * but not between clips counts for nothing, and a few clips of many places suffice.
 */

/** (1), a scalar, of embeddings [groups, batch, dim] twice; `redundancy` is λ. */
export function barlowTwinsLoss([first, second]: readonly [Tensor, Tensor], redundancy: number): Tensor {
  const [groups, batch, dim] = first.shape as [number, number, number]
  const rows = (z: Tensor) => reshape(standardiseColumns(z), [groups * batch, dim])
  const [a, b] = [rows(first), rows(second)]
  const products = gemm([a, b], { transposeA: true })
  const correlations = mul(products, scalarOf(products, 1 / (groups * batch)))
  const diagonal = mean(mul(a, b), [0])

  const missed = sub(scalarOf(diagonal, 1), diagonal)
  const invariance = sum(mul(missed, missed), [0])
  const offDiagonal = sub(sum(mul(correlations, correlations), [0, 1]), sum(mul(diagonal, diagonal), [0]))
  return add(invariance, mul(offDiagonal, scalarOf(offDiagonal, redundancy)))
}

export interface BarlowTwinsPreset extends JointEmbeddingPreset {
  /** λ */
  readonly redundancy: number
  /** What the loss is multiplied by. */
  readonly scale: number
  /** Width of the projector's three layers. */
  readonly projector: number
}

export function barlowTwins(preset: BarlowTwinsPreset): (setting: Setting) => Method {
  const { redundancy, scale, projector: width } = preset
  const declareHeads = <T>(leaf: Leaf<T>, inputs: number) =>
    declareProjector(leaf, { inputs, hidden: width, outputs: width, layers: 3 })
  const loss = ({ heads, features: [first, second] }: Branch) => {
    const g = declareHeads(heads, first.shape.at(-1)!)
    const whole = barlowTwinsLoss([projector(g, first), projector(g, second)], redundancy)
    return mul(whole, scalarOf(whole, scale))
  }
  return setting => jointEmbedding({ name: 'barlow-twins', preset, declareHeads, loss }, setting)
}

/** Biases and norms learn at .0048 where weights learn at .2. */
const slowBiases: Grouping = (name, shape) => {
  const { decayed } = decayWeights(name, shape)
  return { decayed, rateScale: decayed ? 1 : 0.0048 / 0.2 }
}

const paper: BarlowTwinsPreset = {
  optimiser: () => lars({ grouping: slowBiases }),
  peakRate: batch => (0.2 * batch) / 256,
  warmupShare: 0.01,
  decay: [1.5e-6, 1.5e-6],
  clipNorm: Number.POSITIVE_INFINITY,
  views: paperViews.byol,
  levels: ['clip'],
  redundancy: 0.0051,
  scale: 0.024,
  projector: 8192,
}

export const barlowTwinsPresets = {
  /** Zbontar et al., 2021, section 2.2: 1000 epochs, 10 of them to warm up; λ and scale of the authors' code. */
  paper,
  /** For a plant's own video and minutes on a CPU: a narrow projector, small changes, a loss a place. */
  plant: { ...paper, ...plantRecipe, views: plantViews, levels: ['clip', 'place'], projector: 256 },
} as const satisfies Readonly<Record<string, BarlowTwinsPreset>>
