import { constant, mean, mul, sub, type Tensor } from '@takt/graph'
import type { EncoderSpec } from '../src/encoder-spec.ts'
import { gatherTokens } from '../src/layers/tokens.ts'
import type { Named } from '../src/named.ts'
import { below, type Leaf } from '../src/parameters.ts'
import { declarePredictor, type PredictorSpec, predictor } from '../src/predictor.ts'
import { cutTubelets, normaliseTubelets } from '../src/tubelets.ts'
import { declareVideoVit, tokenCount, videoPositions, visibleVideoVit } from '../src/video-vit.ts'

/** A video encoder and the decoder that trains it. */
export interface VideoMae {
  readonly spec: EncoderSpec
  readonly decoder: PredictorSpec
}

export function declareVideoMae<T>(leaf: Leaf<T>, { spec, decoder }: VideoMae) {
  return {
    encoder: declareVideoVit(below('encoder', leaf), spec),
    decoder: declarePredictor(below('decoder', leaf), decoder),
  }
}

/** Mean squared error of the hidden tubelets' pixels: VideoMAE, without its normalisation of each patch. */
export function videoMaeLoss(leaf: Leaf<Tensor>, data: Named<Tensor>, { spec, decoder }: VideoMae): Tensor {
  const [frames, visible, hidden] = [data.frames!, data.visible!, data.hidden!]
  const parameters = declareVideoMae(leaf, { spec, decoder })
  const encoded = visibleVideoVit(parameters.encoder, { frames, visible }, spec)
  const positions = constant(videoPositions(spec, decoder.dim))
  const predicted = predictor(parameters.decoder, { encoded, visible, hidden, positions }, decoder)
  const error = sub(predicted, normaliseTubelets(gatherTokens(cutTubelets(frames, spec), hidden, tokenCount(spec))))
  return mean(mul(error, error), [0, 1])
}
