import { type EncoderSpec, plantEncoderSpec, vitSizes } from '@takt/nn'
import { vitS } from '../train-step/workload.ts'

/** An encoder that is measured, and how it is trained before: by VideoMAE on clips of its own shape. */
export interface Measured {
  readonly spec: EncoderSpec
  /** What one run takes: an image or a clip. */
  readonly unit: 'frame' | 'clip'
  readonly training: { readonly batch: number; readonly steps: number; readonly maskRatio: number }
}

/** A ViT-S/14 on images, a clip of one frame; as DINOv2's small one. */
const image: Measured = {
  spec: {
    ...{ architecture: 'video-vit', inputSize: 224, frames: 1, tubelet: 1, patch: 14, grid: 4 },
    ...vitSizes.S,
  },
  unit: 'frame',
  training: { batch: 8, steps: 60, maskRatio: 0.75 },
}

/** VideoMAE's ViT-S, as `train-step` trains it. */
const video: Measured = {
  spec: vitS.spec,
  unit: 'clip',
  training: { batch: 8, steps: 80, maskRatio: 0.9 },
}

const plant: Measured = {
  spec: plantEncoderSpec,
  unit: 'clip',
  training: { batch: 8, steps: 200, maskRatio: 0.9 },
}

export const encoders = { image, video, plant } as const

export type EncoderName = keyof typeof encoders

/** The same kinds, small enough to say within seconds that everything runs. */
export const tinyEncoders: Readonly<Record<EncoderName, Measured>> = {
  image: shrunk(image),
  video: shrunk(video),
  plant: shrunk(plant),
}

function shrunk({ spec, unit, training }: Measured): Measured {
  const small = { inputSize: 4 * spec.patch, grid: 4, dim: 48, depth: 2, heads: 3 }
  return { spec: { ...spec, ...small }, unit, training: { ...training, batch: 2, steps: 4 } }
}
