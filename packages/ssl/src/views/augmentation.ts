/** From the least to the most that is drawn, uniformly. */
export type Range = readonly [least: number, most: number]

/** A random rectangle of a frame, scaled to a whole view. */
export interface Crop {
  /** Share of the frame's area. */
  readonly area: Range
  /** Width over height; its logarithm is uniform. */
  readonly aspect: Range
}

/** How a view's picture differs from its clip's; the same for all frames of the view. Chances are in [0, 1]. */
export interface Augmentation {
  readonly crop: Crop
  /** Chance of a mirror image, which makes a left hand a right one. */
  readonly flip: number
  /** Chance of other colours, and how far: factors 1 ± the first three, hue turned by ± the last in turns. */
  readonly jitter: Readonly<Record<'chance' | 'brightness' | 'contrast' | 'saturation' | 'hue', number>>
  /** Chance of no colours. */
  readonly grey: number
  /** Chance of a Gaussian blur, and its deviation in sides of the view. */
  readonly blur: { readonly chance: number; readonly deviation: Range }
  /** Chance that bright levels are inverted: x ≥ ½ becomes 1 − x. */
  readonly solarise: number
}

/** A kind of view: which part of a clip it shows, how large, and how altered. */
export interface ViewPlan {
  /** Side over that of the encoder's frames, to whole patches. */
  readonly side: number
  /** Time steps over those of a clip; which ones is drawn by the step, so that two views of a clip are near in time. */
  readonly times: number
  readonly augmentation: Augmentation
}

export interface ViewsPlan {
  /** A crop that all views of a clip are cut from: a place of one view is then nearly the same place of another. */
  readonly shared: Crop
  readonly views: readonly ViewPlan[]
}

export const wholeFrame: Crop = { area: [1, 1], aspect: [1, 1] }
