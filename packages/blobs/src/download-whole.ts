import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Writes a stream to `path` by way of a file beside it, so that `path` is never half a file. */
export const downloadWhole = async (body: Readable, path: string): Promise<void> => {
  const partial = `${path}.${randomUUID()}.part`
  try {
    await pipeline(body, createWriteStream(partial, { flags: 'wx' }))
    await rename(partial, path)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}
