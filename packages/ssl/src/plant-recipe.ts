import { adamW } from '@takt/nn'
import type { Recipe } from './recipe.ts'

/** Some hundred steps of a few clips on a plant's own video. */
export const plantRecipe: Recipe = {
  optimiser: () => adamW(),
  peakRate: () => 5e-4,
  warmupShare: 0.1,
  decay: [0.05, 0.05],
  clipNorm: 1,
}
