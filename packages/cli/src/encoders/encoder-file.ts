import { stat } from 'node:fs/promises'
import { type AnyEncoderSpec, NnError, parseAnyEncoderSpec, requireEncoderParameters } from '@takt/nn'
import { decodeSafetensors, encodeSafetensors, type NamedTensors, OnnxError } from '@takt/onnx'
import { cliError } from '../errors.ts'
import { readBounded } from './read-bounded.ts'
import { readCheckpoint } from './read-checkpoint.ts'

/** An encoder as a file holds it: what it is, and its weights by name. */
export interface StoredEncoder {
  readonly spec: AnyEncoderSpec
  readonly parameters: NamedTensors
  /** Names of tensors that a checkpoint has besides. */
  readonly leftOut?: readonly string[]
}

/** What Node reads at once. */
const MOST_BYTES = 2 ** 31 - 1

/**
 * An encoder from a safetensors file that names its architecture in its metadata `spec`, or from a folder of Hugging Face.
 * Throws `file-unreadable` and `file-malformed`.
 */
export async function readEncoder(path: string): Promise<StoredEncoder> {
  const facts = await stat(path).catch(() => undefined)
  if (facts?.isDirectory()) return readCheckpoint(path)
  const bytes = await readBounded(path, MOST_BYTES)
  if (!bytes) throw cliError('file-unreadable', { file: path, reason: 'it is not there' })
  const { tensors, metadata } = malformedAs(path, () => decodeSafetensors(bytes))
  if (metadata.spec === undefined)
    throw cliError('file-malformed', { file: path, reason: 'its metadata has no "spec", as encoders of Takt have' })
  return malformedAs(path, () => encoderOf(JSON.parse(metadata.spec!), tensors))
}

/** What was parsed, once each of its weights is there; throws as `nn` does. */
export function encoderOf(json: unknown, parameters: NamedTensors): StoredEncoder {
  const spec = parseAnyEncoderSpec(json)
  requireEncoderParameters(spec, parameters)
  return { spec, parameters }
}

/** The file that `readEncoder` and `POST /v1/encoders` read. */
export const encodeEncoder = ({ spec, parameters }: StoredEncoder): Uint8Array<ArrayBuffer> =>
  encodeSafetensors({ tensors: parameters, metadata: { spec: JSON.stringify(spec) } })

function malformedAs<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof NnError || error instanceof OnnxError || error instanceof SyntaxError)) throw error
    throw cliError('file-malformed', { file, reason: error.message }, { cause: error })
  }
}
