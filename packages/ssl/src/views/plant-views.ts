import { type Augmentation, type ViewsPlan, wholeFrame } from './augmentation.ts'

/**
 * A fixed camera at a bench: light changes, colours and sides mean something. A view moves by a few percent, so that a
 * place of the coarse grid stays the same place of the other view.
 */
const lightChanges: Augmentation = {
  crop: { area: [0.9, 1], aspect: [1, 1] },
  flip: 0,
  jitter: { chance: 0.8, brightness: 0.3, contrast: 0.3, saturation: 0.2, hue: 0 },
  grey: 0,
  blur: { chance: 0, deviation: [0, 0] },
  solarise: 0,
}

/** Two halves of a clip, half a clip apart at most. */
export const plantViews: ViewsPlan = {
  shared: { area: [0.6, 1], aspect: [0.9, 1.1] },
  views: [lightChanges, lightChanges].map(augmentation => ({ side: 1, times: 0.5, augmentation })),
}

/** The same with two views of a quarter of the time and of a part of the frame. */
export const plantMultiCrop: ViewsPlan = {
  ...plantViews,
  views: [
    ...plantViews.views,
    ...[0, 1].map(() => ({
      side: 0.5,
      times: 0.25,
      augmentation: { ...lightChanges, crop: { area: [0.2, 0.5], aspect: [3 / 4, 4 / 3] } } as const,
    })),
  ],
}

/** A whole clip in another light. */
export const plantWholeClip: ViewsPlan = {
  shared: wholeFrame,
  views: [{ side: 1, times: 1, augmentation: lightChanges }],
}
