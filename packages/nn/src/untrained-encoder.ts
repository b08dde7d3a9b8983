import type { NamedTensors } from '@takt/onnx'
import { initialParameters } from './encoder-model.ts'
import { type EncoderSpec, plantEncoderSpec } from './encoder-spec.ts'

/** An encoder without training: what it is, and its weights by name. */
export interface Encoder {
  readonly spec: EncoderSpec
  readonly parameters: NamedTensors
}

/** A plant-sized encoder of random weights: a rival for trained ones, and a start for training. */
export function untrainedEncoder({ seed }: { readonly seed: number }): Encoder {
  return { spec: plantEncoderSpec, parameters: initialParameters(plantEncoderSpec, seed) }
}
