import { adamW } from '@takt/nn'
import type { PixelPredictionPreset } from './pixel-prediction.ts'

/** What a VideoMAE run is made of, besides encoder, batch and length; `maskRatio` is a share of the places. */
export type VideoMaePreset = PixelPredictionPreset

export const videoMaePresets = {
  /** Tong et al., 2022, appendix: the warm-up is 40 of Kinetics' 800 epochs. */
  paper: {
    optimiser: () => adamW({ beta2: 0.95 }),
    maskRatio: 0.9,
    decoderDepth: 4,
    peakRate: batch => (1.5e-4 * batch) / 256,
    warmupShare: 0.05,
    decay: [0.05, 0.05],
    clipNorm: Number.POSITIVE_INFINITY,
  },
  /**
   * For a plant's own video and minutes on a CPU: 480 steps of 8 clips from the untrained encoder, on composed stations.
   * After 1.5e-4 steps are timed as well as before, within the spread of two seeds; 5e-4 paints better and times worse.
   */
  plant: {
    optimiser: () => adamW({ beta2: 0.95 }),
    maskRatio: 0.9,
    decoderDepth: 1,
    peakRate: () => 1.5e-4,
    warmupShare: 0.05,
    decay: [0.05, 0.05],
    clipNorm: 1,
  },
} as const satisfies Readonly<Record<string, VideoMaePreset>>
