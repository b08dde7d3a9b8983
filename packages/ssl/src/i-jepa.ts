import { mean, mul, sub, type Tensor } from '@takt/graph'
import { adamW } from '@takt/nn'
import { type LatentPredictionPreset, latentPrediction } from './latent-prediction.ts'
import type { Method, Setting } from './method.ts'
import { plantRecipe } from './plant-recipe.ts'
import { frameOf, separateTargets, type TargetBlocks } from './target-blocks.ts'

/*
 * I-JEPA: Assran et al., "Self-Supervised Learning from Images with a Joint-Embedding Predictive Architecture", CVPR 2023.
 * From the features s_x of a context block, a predictor says those of M target blocks Bᵢ, given where they are; the target
 * encoder is the context encoder's running mean and sees the whole.
 *
 *     L = 1/M · Σᵢ D(ŝ_y(i), s_y(i)) = 1/M · Σᵢ Σ_{j ∈ Bᵢ} ‖ŝ_yⱼ − s_yⱼ‖²        section 3; here the mean over tokens and features
 *
 * A block of a clip is the same at all times. The mean differs from the sum by what the rate makes up for.
 */

/** L, a scalar: [tokens, dim] twice. */
export function iJepaLoss(predicted: Tensor, target: Tensor): Tensor {
  const error = sub(predicted, target)
  return mean(mul(error, error), [0, 1])
}

export interface IJepaPreset extends LatentPredictionPreset {
  readonly targets: TargetBlocks
}

/** I-JEPA. Throws `bad_mask` and `bad_decoder`. */
export function iJepa(preset: IJepaPreset): (setting: Setting) => Method {
  return setting => {
    const masks = [separateTargets(preset.targets, frameOf(setting.spec))]
    return latentPrediction({ name: 'i-jepa', preset, masks, loss: iJepaLoss }, setting)
  }
}

const paper: IJepaPreset = {
  optimiser: () => adamW(),
  peakRate: batch => (1e-3 * batch) / 2048,
  warmupShare: 40 / 300,
  decay: [0.04, 0.4],
  clipNorm: Number.POSITIVE_INFINITY,
  predictorDim: () => 384,
  predictorDepth: 12,
  momentum: 0.996,
  serves: 'teacher',
  // The middle of .15 to .2: a size for all, so that shapes are one.
  targets: { count: 4, area: 0.175, aspect: [0.75, 1.5] },
}

export const iJepaPresets = {
  /** Assran et al., 2023, appendix A, and the authors' configuration of ViT-H/14: 300 epochs, 40 of them to warm up. */
  paper,
  /** For a plant's own video and minutes on a CPU: a predictor of two blocks. */
  plant: { ...paper, ...plantRecipe, predictorDim: dim => dim / 2, predictorDepth: 2, serves: 'learner' },
} as const satisfies Readonly<Record<string, IJepaPreset>>
