import { plantEncoderSpec } from '../encoder-spec.ts'
import { type ConfigValues, configValues, print, refuse } from './config-values.ts'
import { type Family, families } from './families.ts'
import { type FoundationSpec, parseFoundationSpec } from './foundation-spec.ts'
import { readPixelValues } from './pixel-values.ts'

/** What a checkpoint's files say of it. */
export interface CheckpointFacts {
  readonly family: Family
  readonly config: ConfigValues
  readonly spec: FoundationSpec
  /** Side of the pictures that a learnt table of positions was made for. */
  readonly learntSide: number
}

/** All models have one clip: that of the frame grid, and one grid of cells, of which heads are told nothing else. */
const { frames, tubelet, grid } = plantEncoderSpec

const CHANNELS = { least: 3, most: 3 }

/**
 * The spec of a checkpoint's encoder, from `config.json` and, where there is one, `preprocessor_config.json`. Throws
 * `bad_checkpoint` where a value is missing, out of range, or of a model that is not imported.
 */
export function readCheckpointSpec(configJson: unknown, preprocessorJson: unknown): CheckpointFacts {
  const config = configValues('config.json', configJson)
  const modelType = config.text('model_type')
  if (!Object.hasOwn(families, modelType))
    refuse(`config.json: model_type ${print(modelType)} is none of ${Object.keys(families).join(', ')}`)
  const family = families[modelType]!
  const act = config.text('hidden_act')
  if (act !== 'gelu') refuse(`config.json: hidden_act ${print(act)} is not "gelu"`)
  config.integer(family.channels, CHANNELS)
  family.check(config)
  if (family.sees === 'clip') requireClip(config, family)

  const preprocessor =
    preprocessorJson === undefined ? undefined : configValues('preprocessor_config.json', preprocessorJson)
  const pixels = readPixelValues(preprocessor)
  const learntSide = config.side(family.side, { least: 1, most: 1024 })
  const inputSize = pixels.inputSize ?? learntSide
  if (family.sees === 'clip' && inputSize !== learntSide)
    refuse(`preprocessor_config.json shows ${inputSize} pixels a side, but ${family.side} is ${learntSide}`)
  const dim = config.integer('hidden_size', { least: 1, most: 4096 })
  const spec = parseFoundationSpec({
    ...{ architecture: 'foundation-vit', family: modelType, sees: family.sees },
    ...{ inputSize, frames, tubelet, grid, dim, ...pixels.colours },
    patch: config.side('patch_size', { least: 1, most: 128 }),
    depth: config.integer('num_hidden_layers', { least: 1, most: 128 }),
    heads: config.integer('num_attention_heads', { least: 1, most: 128 }),
    mlpWidth: family.mlpWidth(config, dim),
    // A class token keeps what is global, as a register does.
    registers: (family.names.classToken === undefined ? 0 : 1) + family.registers(config),
    positions: family.places === 'rotary' ? 'rotary' : 'table',
    layerScale: family.names.scale1 !== undefined,
    finalNorm: family.finalNorm(config),
    epsilon: config.number('layer_norm_eps', { least: 0, most: 0.01 }),
  })
  return { family, config, spec, learntSide }
}

/** A table of positions is of one number of frames; an angle is of any. */
function requireClip(config: ConfigValues, { places }: Family): void {
  const each = config.integer('tubelet_size', { least: 1, most: 128 })
  if (each !== tubelet) refuse(`config.json: tubelet_size ${each} is not the ${tubelet} frames of a time step`)
  if (places === 'rotary') return
  const count = config.integer('num_frames', { least: 1, most: 1024 })
  if (count !== frames) refuse(`config.json: num_frames ${count} is not the ${frames} frames of a clip`)
}
