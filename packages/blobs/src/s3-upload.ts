import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { BlobBody } from './blob-store.ts'
import { blobError } from './errors.ts'
import { sourceOf, writeBody } from './write-body.ts'

/** The most one PUT may carry, by S3's rules, bytes. */
const largestPut = 5 * 2 ** 30

/** A body that can be sent with its length and checksum up front. */
export interface Upload extends AsyncDisposable {
  readonly size: number
  /** Hex; S3 signs it over plain HTTP. */
  readonly sha256: string
  open(): Buffer | Readable
}

/**
 * Makes a body sendable as one PUT: files are hashed first and then streamed, streams go through a temporary file.
 * One PUT is atomic, obeys `If-None-Match` and leaves nothing half done, which multipart uploads do not.
 */
export const prepareUpload = async (key: string, body: BlobBody): Promise<Upload> => {
  if (body instanceof Uint8Array) {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return { size: sized(key, bytes.length), sha256, open: () => bytes, [Symbol.asyncDispose]: async () => undefined }
  }
  if (!(body instanceof Readable)) return uploadOfFile(key, body.path)
  const path = join(tmpdir(), `takt-upload-${randomUUID()}`)
  try {
    await writeBody(key, body, path)
    const upload = await uploadOfFile(key, path)
    return { ...upload, [Symbol.asyncDispose]: () => rm(path, { force: true }) }
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
}

const uploadOfFile = async (key: string, path: string): Promise<Upload> => {
  const hash = createHash('sha256')
  const facts = await stat(path).catch((error: unknown) => {
    throw blobError('blob-source-failed', { key }, { cause: error })
  })
  const size = sized(key, facts.size)
  for await (const chunk of sourceOf(key, { path })) hash.update(chunk)
  return {
    size,
    sha256: hash.digest('hex'),
    open: () => createReadStream(path, { end: Math.max(size - 1, 0) }),
    [Symbol.asyncDispose]: async () => undefined,
  }
}

const sized = (key: string, size: number): number => {
  if (size > largestPut) throw blobError('blob-too-large', { key, size, limit: largestPut })
  return size
}
