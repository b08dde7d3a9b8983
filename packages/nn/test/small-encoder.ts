import type { EncoderSpec } from '../src/encoder-spec.ts'

/** A video transformer of 8 tokens that a test evaluates in no time. */
export const smallEncoder: EncoderSpec = {
  architecture: 'video-vit',
  inputSize: 16,
  frames: 4,
  tubelet: 2,
  patch: 8,
  dim: 16,
  depth: 2,
  heads: 2,
  grid: 2,
}
