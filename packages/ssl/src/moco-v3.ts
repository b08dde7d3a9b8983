import {
  add,
  constant,
  float32,
  l2Normalise,
  logSoftmax,
  matmul,
  mean,
  mul,
  scalarOf,
  sum,
  swapLastAxes,
  type Tensor,
} from '@takt/graph'
import { adamW, decayWeights, type Grouping, projector, standardiseColumns } from '@takt/nn'
import { type Branch, type JointEmbeddingPreset, jointEmbedding } from './joint-embedding.ts'
import { ENCODER, type Method, type Setting } from './method.ts'
import { declarePrediction, declareProjection, type MomentumHeads, momentumTeacher } from './momentum-heads.ts'
import { plantRecipe } from './plant-recipe.ts'
import { paperViews } from './views/paper-views.ts'
import { plantViews } from './views/plant-views.ts'

/*
 * MoCo v3: Chen, Xie & He, "An Empirical Study of Training Self-Supervised Vision Transformers", ICCV 2021. Queries q are
 * the predictor's of the online network, keys k the momentum network's; k⁺ is the key of the query's own clip, k⁻ are those
 * of the batch's others.
 *
 *     (1)   L_q = − log  exp(q·k⁺/τ) / (exp(q·k⁺/τ) + Σ exp(q·k⁻/τ))
 *           ctr(q, k) = 2τ · mean L_q         algorithm 1, all vectors of length 1
 *           L = ctr(q₁, k₂) + ctr(q₂, k₁)
 */

/** ctr of [groups, batch, dim] twice, a scalar; keys are of one group. */
function contrast(queries: Tensor, keys: Tensor, temperature: number): Tensor {
  const batch = queries.shape[1]!
  const cosines = matmul(l2Normalise(queries), swapLastAxes(l2Normalise(keys)))
  const own = constant(float32([batch, batch], identity(batch)))
  const logits = mul(cosines, scalarOf(cosines, 1 / temperature))
  const likelihood = mean(sum(mul(logSoftmax(logits), own), [2]), [0, 1])
  return mul(likelihood, scalarOf(likelihood, -2 * temperature))
}

const identity = (size: number) => Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0))

/** L, a scalar; τ is `temperature`. */
export function mocoV3Loss(
  [q1, q2]: readonly [Tensor, Tensor],
  [k1, k2]: readonly [Tensor, Tensor],
  temperature: number,
): Tensor {
  return add(contrast(q1, k2, temperature), contrast(q2, k1, temperature))
}

export interface MocoV3Preset extends JointEmbeddingPreset, MomentumHeads {
  readonly temperature: number
}

/** MoCo v3, whose patch projection keeps its first weights (section 4.2) where the optimiser's grouping says so. */
export function mocoV3(preset: MocoV3Preset): (setting: Setting) => Method {
  const project = ({ heads, features }: Branch) => {
    const g = declareProjection(heads, features[0].shape.at(-1)!, preset, 3)
    return features.map(x => standardiseColumns(projector(g, x))) as [Tensor, Tensor]
  }
  const loss = (online: Branch, target: Branch) => {
    const h = declarePrediction(online.heads, preset)
    const queries = project(online).map(z => standardiseColumns(projector(h, z))) as [Tensor, Tensor]
    return mocoV3Loss(queries, project(target), preset.temperature)
  }
  return setting =>
    jointEmbedding(
      {
        name: 'moco-v3',
        preset,
        teacher: momentumTeacher(preset, setting.steps),
        declareHeads: (leaf, inputs) => [declareProjection(leaf, inputs, preset, 3), declarePrediction(leaf, preset)],
        loss,
      },
      setting,
    )
}

/** A rate of 0 moves nothing and decays nothing. */
const frozenPatches: Grouping = (name, shape) => ({
  decayed: decayWeights(name, shape).decayed,
  rateScale: name.startsWith(`${ENCODER}patch.`) ? 0 : 1,
})

const paper: MocoV3Preset = {
  optimiser: () => adamW({ grouping: frozenPatches }),
  peakRate: batch => (1.5e-4 * batch) / 256,
  warmupShare: 40 / 300,
  decay: [0.1, 0.1],
  clipNorm: Number.POSITIVE_INFINITY,
  views: paperViews.byol,
  levels: ['clip'],
  temperature: 0.2,
  hidden: 4096,
  outputs: 256,
  momentum: 0.99,
}

export const mocoV3Presets = {
  /** Chen et al., 2021, section 3 and appendix A: ViTs, 300 epochs, 40 of them to warm up; a view is half of a clip. */
  paper,
  /** For a plant's own video and minutes on a CPU: a momentum network within tens of steps, a loss a place. */
  plant: {
    ...paper,
    ...plantRecipe,
    optimiser: paper.optimiser,
    views: plantViews,
    levels: ['clip', 'place'],
    hidden: 256,
    outputs: 64,
    momentum: 0.97,
  },
} as const satisfies Readonly<Record<string, MocoV3Preset>>
