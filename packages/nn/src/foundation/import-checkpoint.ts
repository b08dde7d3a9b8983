import type { Shape } from '@takt/graph'
import type { NamedTensors } from '@takt/onnx'
import { flatSinusoids } from '../positions.ts'
import { type CheckpointFacts, readCheckpointSpec } from './checkpoint-spec.ts'
import { type CheckpointTensors, checkpointTensors } from './checkpoint-tensors.ts'
import { refuse } from './config-values.ts'
import type { Family, Part } from './families.ts'
import type { FoundationSpec } from './foundation-spec.ts'
import { resamplePlane } from './resample-plane.ts'

/** A checkpoint's files, parsed. */
export interface Checkpoint {
  readonly config: unknown
  readonly preprocessor: unknown
  readonly tensors: NamedTensors
}

export interface ImportedEncoder {
  readonly spec: FoundationSpec
  readonly parameters: NamedTensors
  /** Names of tensors that are of no use to features: heads, decoders, mask tokens. */
  readonly leftOut: readonly string[]
}

/**
 * A vision transformer of Hugging Face's `transformers` as an encoder: ViT and DINO (`vit`), `dinov2`,
 * `dinov2_with_registers`, `videomae`, `vjepa2`. Its features are those of the last hidden state's patches. Throws
 * `bad_checkpoint` and `bad_encoder_spec` with the value that is wrong.
 */
export function importCheckpoint({ config, preprocessor, tensors }: Checkpoint): ImportedEncoder {
  const facts = readCheckpointSpec(config, preprocessor)
  const { family, spec } = facts
  requireLength(spec)
  const source = checkpointTensors(tensors, family.prefix)
  const parameters = {
    ...patchOf(source, facts),
    ...tokensOf(source, facts),
    ...Object.assign({}, ...Array.from({ length: spec.depth }, (_, i) => blockOf(source, facts, i))),
    ...(spec.finalNorm && affine('norm', family.names.norm, source, spec.dim)),
  }
  const leftOut = source.left()
  const unknown = leftOut.find(name => !family.leftOut.some(start => name.startsWith(start)))
  if (unknown !== undefined)
    refuse(`model.safetensors has a tensor ${JSON.stringify(unknown)}, which ${spec.family} has not`)
  return { spec, parameters, leftOut }
}

/** One protobuf message holds 2 GiB. */
const MOST_BYTES = 2 ** 31 - 2 ** 24

/** Refuses what could be imported and never run, before any of it is read. */
function requireLength({ dim, depth, mlpWidth, family }: FoundationSpec): void {
  const bytes = 4 * depth * (4 * dim * dim + 2 * dim * mlpWidth)
  if (bytes > MOST_BYTES)
    refuse(
      `${family} of ${depth} layers of ${dim} takes ${bytes} bytes, more than the ${MOST_BYTES} that one ONNX model holds`,
    )
}

const named = (name: string, shape: Shape, data: Float32Array): NamedTensors => ({
  [name]: { dtype: 'float32', shape, data },
})

/** A convolution's weight [dim, channel, (frame,) row, column] as rows over [frame, row, column, channel]. */
function patchOf(source: CheckpointTensors, { family, spec }: CheckpointFacts): NamedTensors {
  const { dim, patch, tubelet, sees } = spec
  const depth = sees === 'clip' ? tubelet : 1
  const shape = [dim, 3, ...(sees === 'clip' ? [tubelet] : []), patch, patch]
  const weight = source.take(`${family.names.patch}.weight`, shape)
  const pixels = depth * patch * patch
  const ordered = new Float32Array(weight.length)
  for (let row = 0; row < dim; row++) {
    for (let channel = 0; channel < 3; channel++) {
      for (let pixel = 0; pixel < pixels; pixel++)
        ordered[(row * pixels + pixel) * 3 + channel] = weight[(row * 3 + channel) * pixels + pixel]!
    }
  }
  const bias = source.take(`${family.names.patch}.bias`, [dim])
  return { ...named('patch.weight', [dim, pixels * 3], ordered), ...named('patch.bias', [dim], bias) }
}

/** The table of positions, and what stands before the patches: the class token, with its position, and registers. */
function tokensOf(source: CheckpointTensors, { family, spec, learntSide }: CheckpointFacts): NamedTensors {
  const { dim, inputSize, patch, frames, tubelet, registers } = spec
  const to = inputSize / patch
  if (family.places === 'rotary') return {}
  if (family.places === 'sinusoids') return { positions: flatSinusoids({ count: (frames / tubelet) * to * to, dim }) }

  const from = Math.floor(learntSide / patch)
  const table = source.take(family.names.positions!, [1, 1 + from * from, dim])
  const plane = table.subarray(dim)
  const { antialias } = family
  const places = from === to ? plane : resamplePlane(plane, { from, to, antialias, dim })
  const before = new Float32Array(registers * dim)
  before.set(source.take(family.names.classToken!, [1, 1, dim]).map((value, i) => value + table[i]!))
  if (family.names.registers) before.set(source.take(family.names.registers, [1, registers - 1, dim]), dim)
  return {
    ...named('positions', [to * to, dim], places),
    ...named('registers', [registers, dim], before),
  }
}

function blockOf(source: CheckpointTensors, { family, spec, config }: CheckpointFacts, i: number): NamedTensors {
  const { dim, mlpWidth } = spec
  const { names } = family
  const [own, theirs] = [`blocks.${i}`, `${names.layer}.${i}`]
  const norm = (name: string, at: string) => affine(`${own}.${name}`, `${theirs}.${at}`, source, dim)
  const linear = (name: string, at: string, shape: readonly [number, number]) => ({
    ...named(`${own}.${name}.weight`, shape, source.take(`${theirs}.${at}.weight`, shape)),
    ...named(`${own}.${name}.bias`, [shape[0]], source.take(`${theirs}.${at}.bias`, [shape[0]])),
  })
  const scale = (name: string, at: string | undefined) =>
    at === undefined ? {} : named(`${own}.${name}.gain`, [dim], source.take(`${theirs}.${at}`, [dim]))
  return {
    ...norm('norm1', names.norm1),
    ...packed(source, { own, theirs: `${theirs}.${names.attention}`, biases: family.biases(config), dim }),
    ...linear('attention.projection', names.projection, [dim, dim]),
    ...scale('scale1', names.scale1),
    ...norm('norm2', names.norm2),
    ...linear('mlp.hidden', names.hidden, [mlpWidth, dim]),
    ...linear('mlp.output', names.output, [dim, mlpWidth]),
    ...scale('scale2', names.scale2),
  }
}

interface PackedLayer {
  readonly own: string
  readonly theirs: string
  readonly biases: ReturnType<Family['biases']>
  readonly dim: number
}

/** Queries, keys and values as one layer; what has no bias gets zeros. */
function packed(source: CheckpointTensors, { own, theirs, biases, dim }: PackedLayer): NamedTensors {
  const weight = new Float32Array(3 * dim * dim)
  const bias = new Float32Array(3 * dim)
  for (const [i, part] of (['query', 'key', 'value'] as const satisfies readonly Part[]).entries()) {
    weight.set(source.take(`${theirs}.${part}.weight`, [dim, dim]), i * dim * dim)
    const name = biases[part]
    if (name !== undefined) bias.set(source.take(`${theirs}.${name}`, [dim]), i * dim)
  }
  const name = `${own}.attention.qkv`
  return { ...named(`${name}.weight`, [3 * dim, dim], weight), ...named(`${name}.bias`, [3 * dim], bias) }
}

/** A norm's weight and bias. */
function affine(own: string, theirs: string, source: CheckpointTensors, dim: number): NamedTensors {
  const part = (name: string) => named(`${own}.${name}`, [dim], source.take(`${theirs}.${name}`, [dim]))
  return { ...part('weight'), ...part('bias') }
}
