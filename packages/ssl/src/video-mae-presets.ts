/** What a VideoMAE run is made of, besides encoder, batch and length. The decoder is half as wide as the encoder. */
export interface VideoMaePreset {
  /** Share of the places that is hidden. */
  readonly maskRatio: number
  /** Blocks of the decoder. */
  readonly decoderDepth: number
  /** Learning rate after the warm-up, by the clips a step. */
  readonly peakRate: (batch: number) => number
  /** Share of the steps over which the rate rises. */
  readonly warmupShare: number
  readonly weightDecay: number
  /** Longest that all gradients together may be; infinity never clips. */
  readonly clipNorm: number
}

export const videoMaePresets = {
  /** Tong et al., 2022, appendix: the warm-up is 40 of Kinetics' 800 epochs. */
  paper: {
    maskRatio: 0.9,
    decoderDepth: 4,
    peakRate: batch => (1.5e-4 * batch) / 256,
    warmupShare: 0.05,
    weightDecay: 0.05,
    clipNorm: Number.POSITIVE_INFINITY,
  },
  /**
   * For a plant's own video and minutes on a CPU: 480 steps of 8 clips from the untrained encoder, on composed stations.
   * After 1.5e-4 steps are timed as well as before, within the spread of two seeds; 5e-4 paints better and times worse.
   */
  plant: {
    maskRatio: 0.9,
    decoderDepth: 1,
    peakRate: () => 1.5e-4,
    warmupShare: 0.05,
    weightDecay: 0.05,
    clipNorm: 1,
  },
} as const satisfies Readonly<Record<string, VideoMaePreset>>
