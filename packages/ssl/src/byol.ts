import { add, mean, mul, scalarOf, sub, type Tensor } from '@takt/graph'
import { lars, projector } from '@takt/nn'
import { cosines } from './cosines.ts'
import { guidedStopGradient } from './guided-stop-gradient.ts'
import { type Branch, type JointEmbeddingPreset, jointEmbedding, type Predicted } from './joint-embedding.ts'
import type { Method, Setting } from './method.ts'
import { declarePrediction, declareProjection, type MomentumHeads, momentumTeacher } from './momentum-heads.ts'
import { plantRecipe } from './plant-recipe.ts'
import { paperViews } from './views/paper-views.ts'
import { plantViews } from './views/plant-views.ts'

/*
 * BYOL: Grill et al., "Bootstrap Your Own Latent: A New Approach to Self-Supervised Learning", NeurIPS 2020. The online
 * network's encoder, projector g and predictor q say what the target network, ξ, makes of the other view.
 *
 *     (1)   ξ ← τ·ξ + (1 − τ)·θ        τ from its base to 1 by half a cosine
 *     (2)   L(θ, ξ) = ‖q̄(z) − z̄′‖² = 2 − 2·⟨q(z), z′⟩ / ‖q(z)‖‖z′‖
 *           L̃ is the same with the views swapped; L + L̃ is what is learnt
 */

/** (2) of each clip, [groups, batch]. */
export function regression(q: Tensor, z: Tensor): Tensor {
  const cosine = cosines(q, z)
  return sub(scalarOf(cosine, 2), mul(cosine, scalarOf(cosine, 2)))
}

/** L + L̃, a scalar; `projected` is the target's. */
export function byolLoss({ predicted: [q1, q2], projected: [z1, z2] }: Predicted): Tensor {
  return mean(add(regression(q1, z2), regression(q2, z1)), [0, 1])
}

export interface ByolPreset extends JointEmbeddingPreset, MomentumHeads {
  /** Who moves towards the target: both views, or as the distances of other clips say. */
  readonly stopped: 'symmetric' | 'guided'
}

const losses = {
  symmetric: byolLoss,
  guided: (outputs: Predicted) => guidedStopGradient(outputs, regression),
} as const

export function byol(preset: ByolPreset): (setting: Setting) => Method {
  const project = ({ heads, features }: Branch) => {
    const g = declareProjection(heads, features[0].shape.at(-1)!, preset, 2)
    return features.map(x => projector(g, x)) as [Tensor, Tensor]
  }
  const loss = (online: Branch, target: Branch) => {
    const q = declarePrediction(online.heads, preset)
    const predicted = project(online).map(z => projector(q, z)) as [Tensor, Tensor]
    return losses[preset.stopped]({ predicted, projected: project(target) })
  }
  return setting =>
    jointEmbedding(
      {
        name: 'byol',
        preset,
        teacher: momentumTeacher(preset, setting.steps),
        declareHeads: (leaf, inputs) => [declareProjection(leaf, inputs, preset, 2), declarePrediction(leaf, preset)],
        loss,
      },
      setting,
    )
}

const paper: ByolPreset = {
  optimiser: () => lars(),
  peakRate: batch => (0.2 * batch) / 256,
  warmupShare: 0.01,
  decay: [1.5e-6, 1.5e-6],
  clipNorm: Number.POSITIVE_INFINITY,
  views: paperViews.byol,
  levels: ['clip'],
  hidden: 4096,
  outputs: 256,
  momentum: 0.996,
  stopped: 'symmetric',
}

export const byolPresets = {
  /** Grill et al., 2020, section 3.2: 1000 epochs, 10 of them to warm up; a view is half of a clip. */
  paper,
  /** Lee & Lee, 2023: the same but for what is stopped; the loss is then a mean, half of a sum. */
  guided: { ...paper, stopped: 'guided' },
  /** For a plant's own video and minutes on a CPU: a target that follows within tens of steps, a loss a place. */
  plant: {
    ...paper,
    ...plantRecipe,
    views: plantViews,
    levels: ['clip', 'place'],
    hidden: 256,
    outputs: 64,
    momentum: 0.97,
  },
} as const satisfies Readonly<Record<string, ByolPreset>>
