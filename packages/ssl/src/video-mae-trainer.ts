import type { TensorType, TensorValue } from '@takt/graph'
import {
  adamW,
  type EncoderSpec,
  initialLeaf,
  type Leaf,
  leafOf,
  namedLeaves,
  namesBelow,
  PARAMETERS,
  type PredictorSpec,
  prefixNames,
  stateOf,
  trainingGraph,
  tubeletSize,
  warmupCosine,
} from '@takt/nn'
import { emitModel } from '@takt/onnx'
import { sslError } from './errors.ts'
import { requireEncoder } from './require-encoder.ts'
import { requireInteger } from './require-integer.ts'
import type { Trainer } from './trainer.ts'
import { declareVideoMae, type VideoMaeSpec, videoMaeLoss, videoMaeOutputs } from './video-mae.ts'
import { maskedClips, videoMaeInputs } from './video-mae-inputs.ts'
import type { VideoMaePreset } from './video-mae-presets.ts'

export interface VideoMaeTrainerOptions {
  /** The encoder that is trained. */
  readonly spec: EncoderSpec
  readonly preset: VideoMaePreset
  /** Clips a step. */
  readonly batch: number
  readonly stepsPerCall: number
  /** Length of the schedule; steps beyond it have a rate of 0. */
  readonly steps: number
  /** Of masks and of the decoder's first weights. */
  readonly seed: number
}

const ENCODER = 'encoder.'

/**
 * Trains an encoder by VideoMAE with AdamW (β .9 and .95), a linear warm-up and half a cosine. Throws `bad_trainer`,
 * `bad_mask` or `bad_decoder` where the options do not fit together.
 */
export function videoMaeTrainer({ spec, preset, batch, stepsPerCall, steps, seed }: VideoMaeTrainerOptions): Trainer {
  for (const [name, value] of Object.entries({ batch, stepsPerCall, steps })) requireInteger(name, value, 1)
  requireInteger('seed', seed, 0)
  const { maskRatio, warmupShare } = preset
  const method: VideoMaeSpec = { encoder: spec, decoder: decoderOf(spec, preset) }
  const declare = <T>(leaf: Leaf<T>) => declareVideoMae(leaf, method)
  const types = namedLeaves<TensorType>(declare, ({ shape }) => ({ dtype: 'float32', shape }))
  const clips = maskedClips({ spec, maskRatio, batch })
  const optimiser = adamW({ beta2: 0.95 })
  const schedules = {
    rate: warmupCosine({ peak: preset.peakRate(batch), warmupSteps: Math.round(warmupShare * steps), steps }),
    decay: () => preset.weightDecay,
  }
  const graph = () =>
    trainingGraph({
      stepsPerCall,
      parameters: types,
      batch: clips,
      optimiser,
      clipNorm: preset.clipNorm,
      loss: (parameters, clips) => videoMaeLoss(videoMaeOutputs(declare(leafOf(parameters)), clips, method)),
    })
  return {
    method: 'video-mae',
    batch,
    stepsPerCall,
    graph,
    model: () => emitModel(graph(), {}),
    initialState: encoder => {
      requireEncoder(encoder, namesBelow(ENCODER, types))
      const seeded = namedLeaves<TensorValue>(declare, initialLeaf(seed))
      return stateOf({ ...seeded, ...prefixNames(ENCODER, encoder) }, optimiser)
    },
    encoderOf: state => namesBelow(PARAMETERS + ENCODER, state),
    inputs: call => videoMaeInputs({ spec, maskRatio, batch, stepsPerCall, seed, schedules }, call),
  }
}

/** Half as wide as the encoder, of heads near 64: at ViT-S, B and L the paper's decoders of 192, 384 and 512. */
function decoderOf(spec: EncoderSpec, { decoderDepth: depth }: VideoMaePreset): PredictorSpec {
  const dim = spec.dim / 2
  const heads = Math.ceil(dim / 64)
  if (dim % 8 !== 0 || dim % heads !== 0) throw sslError('bad_decoder', { dim, heads })
  return { inputs: spec.dim, dim, depth, heads, outputs: tubeletSize(spec) }
}
