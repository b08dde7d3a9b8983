import { constants, createReadStream } from 'node:fs'
import { copyFile, type FileHandle, open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { BlobBody } from './blob-store.ts'
import { blobError } from './errors.ts'

/** Writes `body` to a new file at `path` and waits until the disk has it. Throws `blob-source-failed` when the body cannot be read. */
export const writeBody = async (key: string, body: BlobBody, path: string): Promise<void> => {
  const isCopy = !(body instanceof Uint8Array || body instanceof Readable)
  const file = isCopy ? await copySource(key, body.path, path) : await open(path, 'wx')
  try {
    if (body instanceof Uint8Array) await file.writeFile(body)
    else if (body instanceof Readable) for await (const chunk of sourceOf(key, body)) await file.writeFile(chunk)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** The kernel copies: the bytes of a video do not pass through this process. */
const copySource = async (key: string, from: string, to: string): Promise<FileHandle> => {
  await using source = await open(from).catch((cause: unknown) => {
    throw blobError('blob-source-failed', { key }, { cause })
  })
  if (!(await source.stat()).isFile()) throw blobError('blob-source-failed', { key })
  await copyFile(from, to, constants.COPYFILE_EXCL)
  return open(to, 'r+')
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
