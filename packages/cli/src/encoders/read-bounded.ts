import { readFile, stat } from 'node:fs/promises'
import { cliError } from '../errors.ts'

/** What a file holds, unless it is no plain file or longer than `mostBytes`; `undefined` where there is none. */
export async function readBounded(file: string, mostBytes: number): Promise<Buffer | undefined> {
  const unreadable = (reason: string, cause?: unknown) => cliError('file-unreadable', { file, reason }, { cause })
  const facts = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw unreadable(error.code ?? error.message, error)
  })
  if (!facts) return undefined
  if (!facts.isFile()) throw unreadable('it is no plain file')
  if (facts.size > mostBytes) throw unreadable(`its ${facts.size} bytes are more than ${mostBytes}`)
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(error.code ?? error.message, error)
  })
}
