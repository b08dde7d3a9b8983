import { mean, mul, reshape, sub, type Tensor } from '@takt/graph'
import { type EncoderSpec, type Leaf, leafOf, type PredictorSpec, tubeletSize } from '@takt/nn'
import type { Draws } from './draws.ts'
import { sslError } from './errors.ts'
import type { Method } from './method.ts'
import type { Recipe } from './recipe.ts'
import { declareVideoMae, type VideoMaeSpec, videoMaeOutputs } from './video-mae.ts'
import { watchedFeatures } from './watched-features.ts'

/** How much of a clip is hidden, and what says what was there. */
export interface PixelPredictionPreset extends Recipe {
  /** Share that is hidden. */
  readonly maskRatio: number
  /** Blocks of the decoder, which is half as wide as the encoder. */
  readonly decoderDepth: number
}

export interface PixelPrediction extends Pick<Method, 'name'> {
  readonly preset: PixelPredictionPreset
  /** int64 `visible` [batch, seen] and `hidden` [batch, not seen]: tokens. */
  readonly masks: Draws
  /** Pixels of hidden tubelets, uint8 [rows, pixels], as they are predicted. */
  readonly standardise: (bytes: Tensor) => Tensor
}

/** MAE and VideoMAE: an encoder sees some tokens, a decoder says what the others look like. Throws `bad_decoder`. */
export function pixelPrediction({ name, preset, masks, standardise }: PixelPrediction, spec: EncoderSpec): Method {
  const method: VideoMaeSpec = { encoder: spec, decoder: decoderOf(spec, preset) }
  const declare = <T>(leaf: Leaf<T>) => declareVideoMae(leaf, method)
  return {
    name,
    recipe: preset,
    declare,
    draws: masks,
    objective: (learnt, fed) => {
      const clips = { frames: fed.frames!, visible: fed.visible!, hidden: fed.hidden! }
      const outputs = videoMaeOutputs(declare(leafOf(learnt)), clips, method, standardise)
      const [batch, seen] = clips.visible.shape as [number, number]
      const clipFeatures = mean(reshape(outputs.encoded, [batch, seen, spec.dim]), [1])
      return {
        loss: meanSquare(outputs),
        memory: {},
        collected: { features: watchedFeatures([reshape(clipFeatures, [batch, 1, 1, spec.dim])]) },
      }
    },
  }
}

/** The mean of all squared differences, a scalar: of [rows, pixels] twice. */
export function meanSquare({ predicted, target }: { readonly predicted: Tensor; readonly target: Tensor }): Tensor {
  const error = sub(predicted, target)
  return mean(mul(error, error), [0, 1])
}

/** Half as wide as the encoder, of heads near 64: at ViT-S, B and L VideoMAE's decoders of 192, 384 and 512. */
function decoderOf(spec: EncoderSpec, { decoderDepth: depth }: PixelPredictionPreset): PredictorSpec {
  const dim = spec.dim / 2
  const heads = Math.ceil(dim / 64)
  if (dim % 8 !== 0 || dim % heads !== 0) throw sslError('bad_decoder', { dim, heads })
  return { inputs: spec.dim, dim, depth, heads, outputs: tubeletSize(spec) }
}
