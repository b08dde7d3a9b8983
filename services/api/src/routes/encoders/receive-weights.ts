import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type AnyEncoderSpec, NnError, parseAnyEncoderSpec, requireEncoderParameters } from '@takt/nn'
import { LONGEST_SAFETENSORS_HEAD, OnnxError, safetensorsLayout } from '@takt/onnx'
import { apiError } from '../../errors.ts'

/** An ONNX model is one protobuf message, which holds as much. */
const MOST_BYTES = 2 ** 31

/** Writes what comes to `path` and returns its hash, hex; throws `encoder-too-large` as soon as it is. */
export async function receiveWeights(body: Readable, path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  let length = 0
  async function* counted(chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      length += chunk.length
      if (length > MOST_BYTES) throw apiError('encoder-too-large', { limit: MOST_BYTES })
      hash.update(chunk)
      yield chunk
    }
  }
  await pipeline(body, counted, createWriteStream(path), { signal })
  return hash.digest('hex')
}

/**
 * The spec that a safetensors file carries as its metadata `spec`, once each tensor of it is there, of its type and
 * shape, and no other. Only the file's header is read. Throws `encoder-refused`.
 */
export async function readSpec(path: string): Promise<AnyEncoderSpec> {
  await using file = await open(path)
  const { size } = await file.stat()
  const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, LONGEST_SAFETENSORS_HEAD)))
  try {
    const { types, metadata } = safetensorsLayout(buffer.subarray(0, bytesRead), size)
    const spec = parseAnyEncoderSpec(parseSpec(metadata.spec))
    requireEncoderParameters(spec, types)
    return spec
  } catch (error) {
    if (!(error instanceof NnError || error instanceof OnnxError)) throw error
    throw apiError('encoder-refused', { reason: error.message }, { cause: error })
  }
}

function parseSpec(text: string | undefined): unknown {
  if (text === undefined) throw apiError('encoder-refused', { reason: 'its metadata has no "spec"' })
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw apiError('encoder-refused', { reason: 'the "spec" of its metadata is not JSON' }, { cause })
  }
}
