import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { BlobBody } from './blob-store.ts'
import { blobError } from './errors.ts'

/** Writes `body` to a new file at `path` and waits until the disk has it. Throws `blob-source-failed` when the body cannot be read. */
export const writeBody = async (key: string, body: BlobBody, path: string): Promise<void> => {
  const file = await open(path, 'wx')
  try {
    if (body instanceof Uint8Array) await file.writeFile(body)
    else for await (const chunk of sourceOf(key, body)) await file.writeFile(chunk)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** The chunks of a stream or file, with a failing source told apart from a failing store. */
export async function* sourceOf(key: string, body: Readable | { readonly path: string }): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body instanceof Readable ? body : createReadStream(body.path))
      yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
  } catch (error) {
    throw blobError('blob-source-failed', { key }, { cause: error })
  }
}
