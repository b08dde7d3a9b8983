import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Writes a stream to `path` by way of a file beside it, so that `path` is never half a file. */
export const downloadWhole = (body: Readable, path: string): Promise<void> =>
  writeBeside(path, partial => pipeline(body, createWriteStream(partial, { flags: 'wx' })))

/** Has `write` make a new file beside `path` and moves it there; of a write that fails nothing is left. */
export const writeBeside = async (path: string, write: (partial: string) => Promise<void>): Promise<void> => {
  const partial = `${path}.${randomUUID()}.part`
  try {
    await write(partial)
    await rename(partial, path)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}
