import { adamW } from '@takt/nn'
import type { DistillationHead } from './distillation-head.ts'
import type { Recipe } from './recipe.ts'
import type { SelfDistillationPreset } from './self-distillation.ts'
import { plantMultiCrop } from './views/plant-views.ts'

/** Some hundred steps of a few clips on a plant's own video. */
export const plantRecipe: Recipe = {
  optimiser: () => adamW(),
  peakRate: () => 5e-4,
  warmupShare: 0.1,
  decay: [0.05, 0.05],
  clipNorm: 1,
}

/** The same for a student and its teacher: few local views and prototypes, a teacher that follows within tens of steps. */
export const plantDistillation: SelfDistillationPreset & DistillationHead = {
  ...plantRecipe,
  views: plantMultiCrop,
  momentum: 0.97,
  hidden: 256,
  bottleneck: 64,
  prototypes: 512,
  studentTemperature: 0.1,
  teacherTemperature: [0.04, 0.07],
  temperatureShare: 0.3,
  frozenShare: 0.05,
}
