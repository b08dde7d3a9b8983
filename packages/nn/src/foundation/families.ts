import type { ConfigValues } from './config-values.ts'
import { refuse } from './config-values.ts'

/** How the checkpoints of one `model_type` name their values and tensors. */
export interface Family {
  /** Before every name where a head was saved with the model. */
  readonly prefix: string
  readonly sees: 'clip' | 'picture'
  /** Where a token's place comes from: a learnt table, fixed sinusoids over the tokens' numbers, or rotation. */
  readonly places: 'learnt' | 'sinusoids' | 'rotary'
  /** Whether a learnt table of another size is resampled with antialiasing, as `transformers` does for this family. */
  readonly antialias: boolean
  readonly side: 'image_size' | 'crop_size'
  readonly channels: 'num_channels' | 'in_chans'
  readonly mlpWidth: (config: ConfigValues, dim: number) => number
  readonly registers: (config: ConfigValues) => number
  readonly finalNorm: (config: ConfigValues) => boolean
  /** Which of queries, keys and values have a bias, and its name after that of the layer. */
  readonly biases: (config: ConfigValues) => Readonly<Record<Part, string | undefined>>
  /** Refuses what the family has variants of that are not imported. */
  readonly check: (config: ConfigValues) => void
  readonly names: TensorNames
  /** Beginnings of the names of tensors that are of no use to features: heads, decoders, mask tokens. */
  readonly leftOut: readonly string[]
}

export type Part = 'query' | 'key' | 'value'

interface TensorNames {
  readonly patch: string
  readonly classToken?: string
  readonly registers?: string
  readonly positions?: string
  readonly layer: string
  readonly norm1: string
  readonly attention: string
  readonly projection: string
  readonly scale1?: string
  readonly norm2: string
  readonly hidden: string
  readonly output: string
  readonly scale2?: string
  readonly norm: string
}

const WIDTHS = { least: 1, most: 32_768 }

const widthOfRatio = (config: ConfigValues, dim: number): number =>
  Math.trunc(dim * config.number('mlp_ratio', { least: 0.01, most: 64 }))
const widthAsSaid = (config: ConfigValues): number => config.integer('intermediate_size', WIDTHS)
const all = (named: (part: Part) => string | undefined) => ({
  query: named('query'),
  key: named('key'),
  value: named('value'),
})
const biasesIf = (config: ConfigValues) => {
  const biased = config.flag('qkv_bias', true)
  return all(part => (biased ? `${part}.bias` : undefined))
}

const bertLike = {
  layer: 'encoder.layer',
  norm1: 'layernorm_before',
  attention: 'attention.attention',
  projection: 'attention.output.dense',
  norm2: 'layernorm_after',
  hidden: 'intermediate.dense',
  output: 'output.dense',
  norm: 'layernorm',
}

const ofPictures = {
  patch: 'embeddings.patch_embeddings.projection',
  classToken: 'embeddings.cls_token',
  positions: 'embeddings.position_embeddings',
}

const vit: Family = {
  prefix: 'vit.',
  sees: 'picture',
  places: 'learnt',
  antialias: false,
  side: 'image_size',
  channels: 'num_channels',
  mlpWidth: widthAsSaid,
  registers: () => 0,
  finalNorm: () => true,
  biases: biasesIf,
  check: () => {},
  names: { ...ofPictures, ...bertLike },
  leftOut: ['embeddings.mask_token', 'pooler.', 'classifier.', 'decoder.'],
}

const dinov2: Family = {
  ...vit,
  prefix: 'dinov2.',
  mlpWidth: widthOfRatio,
  check: config => {
    if (!config.flag('use_swiglu_ffn', false)) return
    refuse(
      'config.json: use_swiglu_ffn true is not imported; it is of models beyond the 2 GiB that one ONNX model holds',
    )
  },
  names: {
    ...ofPictures,
    ...bertLike,
    norm1: 'norm1',
    scale1: 'layer_scale1.lambda1',
    norm2: 'norm2',
    hidden: 'mlp.fc1',
    output: 'mlp.fc2',
    scale2: 'layer_scale2.lambda1',
  },
  leftOut: ['embeddings.mask_token', 'classifier.'],
}

/** By `model_type`. */
export const families: Readonly<Record<string, Family>> = {
  vit,
  dinov2,
  dinov2_with_registers: {
    ...dinov2,
    prefix: 'dinov2_with_registers.',
    antialias: true,
    registers: config => config.integer('num_register_tokens', { least: 1, most: 63 }),
    names: { ...dinov2.names, registers: 'embeddings.register_tokens' },
  },
  videomae: {
    ...vit,
    prefix: 'videomae.',
    sees: 'clip',
    places: 'sinusoids',
    finalNorm: config => !config.flag('use_mean_pooling', true),
    biases: config => {
      const biased = config.has('qv_bias') ? config.flag('qv_bias', true) : config.flag('qkv_bias', true)
      const names = { query: 'q_bias', key: undefined, value: 'v_bias' }
      return all(part => (biased ? names[part] : undefined))
    },
    names: { patch: ofPictures.patch, ...bertLike },
    leftOut: ['mask_token', 'encoder_to_decoder.', 'decoder.', 'fc_norm.', 'classifier.'],
  },
  vjepa2: {
    ...dinov2,
    prefix: 'vjepa2.',
    sees: 'clip',
    places: 'rotary',
    side: 'crop_size',
    channels: 'in_chans',
    check: () => {},
    names: {
      patch: 'encoder.embeddings.patch_embeddings.proj',
      layer: 'encoder.layer',
      norm1: 'norm1',
      attention: 'attention',
      projection: 'attention.proj',
      norm2: 'norm2',
      hidden: 'mlp.fc1',
      output: 'mlp.fc2',
      norm: 'encoder.layernorm',
    },
    leftOut: ['predictor.', 'pooler.', 'classifier.'],
  },
}
