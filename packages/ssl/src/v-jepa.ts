import { abs, mean, sub, type Tensor } from '@takt/graph'
import { adamW } from '@takt/nn'
import { type LatentPredictionPreset, latentPrediction } from './latent-prediction.ts'
import type { Method, Setting } from './method.ts'
import { plantRecipe } from './plant-recipe.ts'
import { frameOf, type TargetBlocks, unitedTargets } from './target-blocks.ts'

/*
 * V-JEPA: Bardes et al., "Revisiting Feature Prediction for Learning Visual Representations from Video", TMLR 2024. From
 * the features of what is seen of a clip, x, a predictor says those of what is hidden, y, given where that is; the target
 * encoder Ē is the encoder's running mean and sees the whole.
 *
 *     (2)   minimise ‖P(E(x), Δ_y) − sg(Ē(y))‖₁
 *
 * Short-range masks are 8 blocks of 15 % of the places, long-range masks 2 of 70 %; both go through all times, and every
 * step has one of each.
 */

/** (2), a scalar, the mean over tokens and features: [tokens, dim] twice. */
export function vJepaLoss(predicted: Tensor, target: Tensor): Tensor {
  return mean(abs(sub(predicted, target)), [0, 1])
}

export interface VJepaPreset extends LatentPredictionPreset {
  readonly masks: readonly TargetBlocks[]
}

/** V-JEPA. Throws `bad_mask` and `bad_decoder`. */
export function vJepa(preset: VJepaPreset): (setting: Setting) => Method {
  return setting => {
    const masks = preset.masks.map(blocks => unitedTargets(blocks, frameOf(setting.spec)))
    return latentPrediction({ name: 'v-jepa', preset, masks, loss: vJepaLoss }, setting)
  }
}

const paper: VJepaPreset = {
  optimiser: () => adamW(),
  peakRate: batch => (6.25e-4 * batch) / 3072,
  warmupShare: 40 / 300,
  decay: [0.04, 0.4],
  clipNorm: 10,
  predictorDim: () => 384,
  predictorDepth: 12,
  momentum: 0.998,
  serves: 'teacher',
  masks: [
    { count: 8, area: 0.15, aspect: [0.75, 1.5] },
    { count: 2, area: 0.7, aspect: [0.75, 1.5] },
  ],
}

export const vJepaPresets = {
  /** Bardes et al., 2024, section 3 and appendix D: a batch of 3072, 40 of 300 epochs to warm up. */
  paper,
  /** For a plant's own video and minutes on a CPU: a predictor of two blocks, a target encoder that follows sooner. */
  plant: {
    ...paper,
    ...plantRecipe,
    predictorDim: dim => dim / 2,
    predictorDepth: 2,
    momentum: 0.996,
    serves: 'learner',
  },
} as const satisfies Readonly<Record<string, VJepaPreset>>
