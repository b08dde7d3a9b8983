import { constant, type Tensor } from '@takt/graph'
import {
  below,
  cutTubelets,
  declarePredictor,
  declareVideoVit,
  type EncoderSpec,
  gatherTokens,
  type Leaf,
  type Predictor,
  type PredictorSpec,
  predictor,
  tokenCount,
  type VideoVit,
  videoPositions,
  visibleVideoVit,
} from '@takt/nn'
import { standardiseColours } from './standardise-colours.ts'

/*
 * VideoMAE: Tong, Song, Wang & Wang, "Masked Autoencoders are Data-Efficient Learners for Self-Supervised Video
 * Pre-Training", NeurIPS 2022. Of each clip's tubelets most are hidden by a tube mask; the encoder sees the rest, and a
 * narrow decoder says what the hidden ones look like.
 *
 *     (1)   L = 1/|Ω| · Σ_{p ∈ Ω} |I(p) − Î(p)|²        Ω: the hidden tubelets, I: their standardised pixels
 */

/** B clips of T tokens each, H of which are hidden. */
export interface MaskedClips {
  /** uint8 [B, frames, size, size, RGB]. */
  readonly frames: Tensor
  /** int64 [B, T − H] and [B, H]: which tokens are seen, and which are not. */
  readonly visible: Tensor
  readonly hidden: Tensor
}

export interface VideoMaeSpec {
  readonly encoder: EncoderSpec
  readonly decoder: PredictorSpec
}

export interface VideoMae<T> {
  readonly encoder: VideoVit<T>
  readonly decoder: Predictor<T>
}

export function declareVideoMae<T>(leaf: Leaf<T>, { encoder, decoder }: VideoMaeSpec): VideoMae<T> {
  return {
    encoder: declareVideoVit(below('encoder', leaf), encoder),
    decoder: declarePredictor(below('decoder', leaf), decoder),
  }
}

export interface VideoMaeOutputs {
  /** What the encoder makes of the seen tokens, [B·(T − H), dim]. */
  readonly encoded: Tensor
  /** Î and I: [B·H, RGB · tubelet · patch²]. */
  readonly predicted: Tensor
  readonly target: Tensor
}

/** Targets are as `standardise` makes them of uint8 pixels [B·H, RGB · tubelet · patch²]; VideoMAE's unless another is given. */
export function videoMaeOutputs(
  parameters: VideoMae<Tensor>,
  clips: MaskedClips,
  spec: VideoMaeSpec,
  standardise: (bytes: Tensor) => Tensor = standardiseColours,
): VideoMaeOutputs {
  const { encoder, decoder } = spec
  const { frames, visible, hidden } = clips
  const encoded = visibleVideoVit(parameters.encoder, { frames, visible }, encoder)
  const positions = constant(videoPositions(encoder, decoder.dim))
  const predicted = predictor(parameters.decoder, { encoded, visible, hidden, positions }, decoder)
  const pixels = gatherTokens(cutTubelets(frames, encoder), hidden, tokenCount(encoder))
  return { encoded, predicted, target: standardise(pixels) }
}
