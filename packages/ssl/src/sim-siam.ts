import { add, mean, mul, neg, scalarOf, stopGradient, type Tensor } from '@takt/graph'
import { below, declareProjector, type Leaf, projector, sgd, standardiseColumns } from '@takt/nn'
import { cosines } from './cosines.ts'
import { guidedStopGradient } from './guided-stop-gradient.ts'
import { type Branch, type JointEmbeddingPreset, jointEmbedding, type Predicted } from './joint-embedding.ts'
import type { Method, Setting } from './method.ts'
import { plantRecipe } from './plant-recipe.ts'
import { paperViews } from './views/paper-views.ts'
import { plantViews } from './views/plant-views.ts'

/*
 * SimSiam: Chen & He, "Exploring Simple Siamese Representation Learning", CVPR 2021. An encoder with a projector f, and a
 * predictor h, see two views of each clip; z = f(x), p = h(z).
 *
 *     (1)   D(p, z) = − p/‖p‖ · z/‖z‖
 *     (4)   L = ½·D(p₁, stopgrad(z₂)) + ½·D(p₂, stopgrad(z₁))
 */

/** (1), [groups, batch]. */
export function negativeCosine(p: Tensor, z: Tensor): Tensor {
  return neg(cosines(p, z))
}

/** (4), a scalar. */
export function simSiamLoss({ predicted: [p1, p2], projected: [z1, z2] }: Predicted): Tensor {
  const both = add(negativeCosine(p1, stopGradient(z2)), negativeCosine(p2, stopGradient(z1)))
  return mul(mean(both, [0, 1]), scalarOf(both, 0.5))
}

export interface SimSiamPreset extends JointEmbeddingPreset {
  /** Width of the projector's three layers, and of the predictor's middle. */
  readonly projector: number
  readonly bottleneck: number
  /** Whose gradient is stopped: by turns of both, or as the distances of other clips say. */
  readonly stopped: 'symmetric' | 'guided'
}

function declareHeads<T>(leaf: Leaf<T>, inputs: number, { projector: width, bottleneck }: SimSiamPreset) {
  return {
    projector: declareProjector(below('projector', leaf), { inputs, hidden: width, outputs: width, layers: 3 }),
    predictor: declareProjector(below('predictor', leaf), {
      inputs: width,
      hidden: bottleneck,
      outputs: width,
      layers: 2,
    }),
  }
}

const losses = {
  symmetric: simSiamLoss,
  guided: (outputs: Predicted) => guidedStopGradient(outputs, negativeCosine),
} as const

/** SimSiam, whose predictor keeps the peak rate (section 4.2). */
export function simSiam(preset: SimSiamPreset): (setting: Setting) => Method {
  const loss = ({ heads, features }: Branch) => {
    const inputs = features[0].shape.at(-1)!
    const { projector: f, predictor: h } = declareHeads(heads, inputs, preset)
    const projected = features.map(x => standardiseColumns(projector(f, x))) as [Tensor, Tensor]
    const predicted = projected.map(z => projector(h, z)) as [Tensor, Tensor]
    return losses[preset.stopped]({ predicted, projected })
  }
  return setting =>
    jointEmbedding(
      {
        name: 'sim-siam',
        preset,
        steady: name => name.includes('.predictor.'),
        declareHeads: (leaf, inputs) => declareHeads(leaf, inputs, preset),
        loss,
      },
      setting,
    )
}

const paper: SimSiamPreset = {
  optimiser: () => sgd(),
  peakRate: batch => (0.05 * batch) / 256,
  warmupShare: 0,
  decay: [1e-4, 1e-4],
  clipNorm: Number.POSITIVE_INFINITY,
  views: paperViews.simSiam,
  levels: ['clip'],
  projector: 2048,
  bottleneck: 512,
  stopped: 'symmetric',
}

export const simSiamPresets = {
  /** Chen & He, 2021, sections 3 and 4; a view is half of a clip. */
  paper,
  /** Lee & Lee, 2023: the same but for what is stopped. */
  guided: { ...paper, stopped: 'guided' },
  /** For a plant's own video and minutes on a CPU: narrow heads, small changes, a loss a place. */
  plant: {
    ...plantRecipe,
    views: plantViews,
    levels: ['clip', 'place'],
    projector: 256,
    bottleneck: 64,
    stopped: 'symmetric',
  },
} as const satisfies Readonly<Record<string, SimSiamPreset>>
