import { add, cast, div, mean, mul, scalarOf, sqrt, sub, type Tensor } from '@takt/graph'
import { adamW, random, tokenCount } from '@takt/nn'
import { drawMasks } from './draw-masks.ts'
import type { Method, Setting } from './method.ts'
import { type PixelPredictionPreset, pixelPrediction } from './pixel-prediction.ts'
import { plantRecipe } from './plant-recipe.ts'
import { shuffle } from './shuffle.ts'
import { hiddenPlaces } from './tube-mask.ts'

/*
 * MAE: He et al., "Masked Autoencoders Are Scalable Vision Learners", CVPR 2022. A random choice of an image's patches is
 * hidden, here of a clip's tubelets, at every time other ones; the encoder sees the rest, a decoder says what the hidden
 * ones look like.
 *
 *     L = mean over hidden patches and their pixels of (x̂ − y)²        y = (x − μ) / √(σ² + 10⁻⁶) of the patch's own pixels
 *
 * The paper's section 4.1 has y in words ("we compute the mean and standard deviation of all pixels in a patch"); ε and the
 * n − 1 in σ² are the authors' code's, where x is in deviations of ImageNet's colours; here they are of levels in [0, 1].
 */

/** ε, of levels in [0, 255]. */
const EPSILON = 1e-6 * 255 ** 2

/** y of uint8 patches [rows, pixels]: float32 at mean 0 and deviation 1, all colours together. */
export function standardisePatches(bytes: Tensor): Tensor {
  const count = bytes.shape[1]!
  const levels = cast(bytes, 'float32')
  const centred = sub(levels, mean(levels, [1], { keepAxes: true }))
  const power = mean(mul(centred, centred), [1], { keepAxes: true })
  const variance = mul(power, scalarOf(power, count / (count - 1)))
  return div(centred, sqrt(add(variance, scalarOf(variance, EPSILON))))
}

/** MAE, whose masks are of single tokens. Throws `bad_mask` and `bad_decoder`. */
export function mae(preset: PixelPredictionPreset): (setting: Setting) => Method {
  return ({ spec, batch, seed }) => {
    const tokens = tokenCount(spec)
    const hidden = hiddenPlaces({ places: tokens, ratio: preset.maskRatio })
    const mask = (stream: string) => {
      const order = shuffle([...Array(tokens).keys()], random(seed, stream))
      return { visible: order.slice(hidden).toSorted(ascending), hidden: order.slice(0, hidden).toSorted(ascending) }
    }
    const masks = drawMasks({ batch, visible: tokens - hidden, hidden, mask })
    return pixelPrediction({ name: 'mae', preset, masks, standardise: standardisePatches }, spec)
  }
}

const ascending = (a: number, b: number) => a - b

const paper: PixelPredictionPreset = {
  optimiser: () => adamW({ beta2: 0.95 }),
  peakRate: batch => (1.5e-4 * batch) / 256,
  warmupShare: 40 / 800,
  decay: [0.05, 0.05],
  clipNorm: Number.POSITIVE_INFINITY,
  maskRatio: 0.75,
  decoderDepth: 8,
}

export const maePresets = {
  /** He et al., 2022, section 3 and table 8: 800 epochs, 40 of them to warm up; at ViT-L the decoder is the paper's of 512. */
  paper,
  /** For a plant's own video and minutes on a CPU: more hidden, as neighbouring times tell of each other; a decoder of one block. */
  plant: {
    ...paper,
    ...plantRecipe,
    optimiser: paper.optimiser,
    peakRate: () => 1.5e-4,
    maskRatio: 0.9,
    decoderDepth: 1,
  },
} as const satisfies Readonly<Record<string, PixelPredictionPreset>>
