import { join } from 'node:path'
import { type ImportedEncoder, importCheckpoint, NnError } from '@takt/nn'
import { decodeSafetensors, OnnxError } from '@takt/onnx'
import { cliError } from '../errors.ts'
import { readBounded } from './read-bounded.ts'

/** Far above any real configuration. */
const MOST_JSON_BYTES = 2 ** 20

/** What Node reads at once; a model that fits one ONNX file is shorter. */
const MOST_WEIGHTS_BYTES = 2 ** 31 - 1

const WEIGHTS = 'model.safetensors'

/** Newer video models have their preprocessor under the second name. */
const preprocessors = ['preprocessor_config.json', 'video_preprocessor_config.json']

/**
 * The encoder of a folder as it comes from Hugging Face: `config.json`, `model.safetensors`, and where there is one
 * `preprocessor_config.json`. Files are found by these names alone; none names another. Throws `file-unreadable` and
 * `file-malformed`.
 */
export async function readCheckpoint(folder: string): Promise<ImportedEncoder> {
  const config = await readJson(join(folder, 'config.json'))
  if (config === undefined) throw cliError('file-unreadable', { file: folder, reason: 'it has no config.json' })
  const preprocessor =
    (await readJson(join(folder, preprocessors[0]!))) ?? (await readJson(join(folder, preprocessors[1]!)))
  const bytes = await readWeights(folder)
  try {
    return importCheckpoint({ config, preprocessor, tensors: decodeSafetensors(bytes).tensors })
  } catch (error) {
    if (!(error instanceof NnError || error instanceof OnnxError)) throw error
    throw cliError('file-malformed', { file: folder, reason: error.message }, { cause: error })
  }
}

async function readWeights(folder: string): Promise<Buffer> {
  const bytes = await readBounded(join(folder, WEIGHTS), MOST_WEIGHTS_BYTES)
  if (bytes) return bytes
  const index = `${WEIGHTS}.index.json`
  const sharded = (await readBounded(join(folder, index), MOST_WEIGHTS_BYTES)) !== undefined
  const reason = sharded
    ? `its weights are several files, listed in ${index}: save them as one ${WEIGHTS}`
    : `it has no ${WEIGHTS}`
  throw cliError('file-unreadable', { file: folder, reason })
}

async function readJson(file: string): Promise<unknown> {
  const bytes = await readBounded(file, MOST_JSON_BYTES)
  if (!bytes) return undefined
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw cliError('file-malformed', { file, reason: 'it is not JSON' }, { cause })
  }
}
