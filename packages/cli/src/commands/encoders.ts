import { writeFile } from 'node:fs/promises'
import { type AnyEncoderSpec, encoderModel } from '@takt/nn'
import type { Api } from '../api.ts'
import { command } from '../command.ts'
import { encodeEncoder, readEncoder } from '../encoders/encoder-file.ts'
import { fetchEncoder, type ListedEncoder, listEncoders, sendEncoder } from '../encoders/plant-encoders.ts'
import { cliError } from '../errors.ts'

const usage = [
  'encoders list [--json]',
  'encoders import DIR|FILE.safetensors [--name NAME [--serving]] [--out FILE.safetensors] [--json]',
  'encoders export NAME|--encoder DIR|FILE [--precision fp32|int8] [--batch N] --out FILE.onnx [--json]',
].join(' | takt ')

/** As people write them. */
const precisions = { fp32: 'float32', int8: 'int8' } as const

/** Clips of one run; more than any device gains by. */
const MOST_CLIPS = 64

export const encoders = command({
  usage,
  about:
    "import: foundation weights from a folder of Hugging Face (ViT, DINO, DINOv2, VideoMAE, V-JEPA 2), or an encoder's file, into the plant as NAME, as its default with --serving, or into a file. export: any encoder as ONNX, from the plant or from a file.",
  options: {
    name: { type: 'string' },
    serving: { type: 'boolean', default: false },
    encoder: { type: 'string' },
    precision: { type: 'string', default: 'fp32' },
    batch: { type: 'string', default: '1' },
    out: { type: 'string' },
  },
  run: async ({ api, words: [verb, subject, ...more], options }) => {
    const { name, serving, out, encoder } = options
    if (verb === 'list' && subject === undefined) return list(api())
    if (verb === 'import' && subject && more.length === 0 && (name || (out && !serving)))
      return importEncoder({ from: subject, out, plant: name ? { api: api(), name, serving } : undefined })
    if (verb === 'export' && out && more.length === 0 && (subject === undefined) !== (encoder === undefined)) {
      const [precision, batch] = [parsePrecision(options.precision), parseBatch(options.batch)]
      const found = encoder === undefined ? await fetchEncoder(api(), subject!) : await readEncoder(encoder)
      const model = encoderModel(found.spec, found.parameters, { batch, precision })
      await writeFile(out, model)
      const answer = { out, precision: options.precision, batch, bytes: model.length, ...shapesOf(found.spec, batch) }
      const { frames, features } = answer
      return {
        answer,
        lines: [
          `${out}: ${model.length} bytes, frames uint8 [${frames.join(', ')}] → features float16 [${features.join(', ')}]`,
        ],
      }
    }
    throw cliError('usage', { usage })
  },
})

async function list(api: Api) {
  const known = await listEncoders(api)
  const line = ({ name, method, serving, spec }: ListedEncoder) =>
    `${name.padEnd(24)} ${method.padEnd(14)} ${String(spec.family ?? spec.architecture)} ${spec.dim}×${spec.depth}${serving ? ', serving' : ''}`
  return { answer: { encoders: known }, lines: known.map(line) }
}

interface ImportRequest {
  readonly from: string
  readonly out: string | undefined
  readonly plant: { readonly api: Api; readonly name: string; readonly serving: boolean } | undefined
}

async function importEncoder({ from, out, plant }: ImportRequest) {
  const encoder = await readEncoder(from)
  const { spec, leftOut = [] } = encoder
  if (out) await writeFile(out, encodeEncoder(encoder))
  const sent = plant && (await sendEncoder(plant.api, { ...plant, encoder }))
  const kind = spec.architecture === 'foundation-vit' ? spec.family : spec.architecture
  const lines = [
    `${kind}: ${spec.depth} layers of ${spec.dim}, ${spec.inputSize} pixels a side, patches of ${spec.patch}`,
    ...(leftOut.length > 0 ? [`left out, of no use to features: ${leftOut.join(', ')}`] : []),
    ...(out ? [`written to ${out}`] : []),
    ...(sent ? [`encoder ${sent.id}: ${sent.name}${sent.serving ? ', serving' : ''}`] : []),
  ]
  return { answer: { spec, leftOut, ...(out && { out }), ...(sent && { encoder: sent }) }, lines }
}

function shapesOf({ inputSize, frames, tubelet, grid, dim }: AnyEncoderSpec, batch: number) {
  return { frames: [batch, frames, inputSize, inputSize, 3], features: [batch, frames / tubelet, grid * grid, dim] }
}

function parsePrecision(text: string): 'float32' | 'int8' {
  if (text === 'fp32' || text === 'int8') return precisions[text]
  throw cliError('option-invalid', { option: 'precision', value: text, wanted: Object.keys(precisions).join(' or ') })
}

function parseBatch(text: string): number {
  const batch = Number(text)
  if (Number.isInteger(batch) && batch >= 1 && batch <= MOST_CLIPS && text.trim() !== '') return batch
  throw cliError('option-invalid', { option: 'batch', value: text, wanted: `a whole number from 1 to ${MOST_CLIPS}` })
}
