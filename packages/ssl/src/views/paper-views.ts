import { type Augmentation, type Crop, type Range, type ViewPlan, type ViewsPlan, wholeFrame } from './augmentation.ts'

const crop = (least: number, most = 1): Crop => ({ area: [least, most], aspect: [3 / 4, 4 / 3] })

/** .1 to 2 pixels of 224. */
const deviation: Range = [0.1 / 224, 2 / 224]

/** Shares of a clip's time steps that a view of a video has, where the papers have one image. */
const times = 0.5

type Jitter = readonly [brightness: number, contrast: number, saturation: number, hue: number]

interface Distortion {
  readonly crop: Crop
  readonly jitter: Jitter
  /** Chances. */
  readonly blur: number
  readonly solarise: number
}

/** What all of these papers share: mirrored by half, jittered by .8, grey by .2. */
function distorted({ crop, jitter, blur, solarise }: Distortion): Augmentation {
  const [brightness, contrast, saturation, hue] = jitter
  return {
    crop,
    flip: 0.5,
    jitter: { chance: 0.8, brightness, contrast, saturation, hue },
    grey: 0.2,
    blur: { chance: blur, deviation },
    solarise,
  }
}

const twoViews = (first: Distortion, second: Distortion): ViewsPlan => ({
  shared: wholeFrame,
  views: [first, second].map(each => ({ side: 1, times, augmentation: distorted(each) })),
})

const simClr: Distortion = { crop: crop(0.08), jitter: [0.8, 0.8, 0.8, 0.2], blur: 0.5, solarise: 0 }
const mocoV2: Distortion = { crop: crop(0.2), jitter: [0.4, 0.4, 0.4, 0.1], blur: 0.5, solarise: 0 }
const byol: Distortion = { crop: crop(0.08), jitter: [0.4, 0.4, 0.2, 0.1], blur: 1, solarise: 0 }
const dinoJitter: Jitter = [0.4, 0.4, 0.2, 0.1]

/** Two global views, the second one solarised, and small ones of small parts, of 96² where the global ones have 224². */
function multiCrop({ locals, least }: { readonly locals: number; readonly least: number }): ViewsPlan {
  const globals = twoViews(
    { crop: crop(least), jitter: dinoJitter, blur: 1, solarise: 0 },
    { crop: crop(least), jitter: dinoJitter, blur: 0.1, solarise: 0.2 },
  )
  const local: ViewPlan = {
    side: 96 / 224,
    times: times / 2,
    augmentation: distorted({ crop: crop(0.05, least), jitter: dinoJitter, blur: 0.5, solarise: 0 }),
  }
  return { ...globals, views: [...globals.views, ...Array.from({ length: locals }, () => local)] }
}

/** The papers' augmentations. */
export const paperViews = {
  /** Chen et al., 2020, appendix A, at strength 1. */
  simClr: twoViews(simClr, simClr),
  /** Chen & He, 2021, section 3: those of MoCo v2. */
  simSiam: twoViews(mocoV2, mocoV2),
  /** Grill et al., 2020, table 6, which Barlow Twins and MoCo v3 took over: one view is always blurred, one solarised. */
  byol: twoViews(byol, { ...byol, blur: 0.1, solarise: 0.2 }),
  /** Caron et al., 2021, section 3 and the authors' code. */
  dino: multiCrop({ locals: 8, least: 0.4 }),
  /** Zhou et al., 2022: the authors' ViT-S. */
  ibot: multiCrop({ locals: 10, least: 0.25 }),
  /** Oquab et al., 2024: the authors' default configuration. */
  dinoV2: multiCrop({ locals: 8, least: 0.32 }),
} as const satisfies Readonly<Record<string, ViewsPlan>>
