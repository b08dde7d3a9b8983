import { readFile } from 'node:fs/promises'
import { cliError } from '../errors.ts'

/** Throws `file-unreadable`. */
export async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file)
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause)
    throw cliError('file-unreadable', { file, reason }, { cause })
  }
}

/** Throws `file-unreadable`. */
export const readText = async (file: string): Promise<string> => new TextDecoder().decode(await readBytes(file))

export const malformed = (file: string, reason: string, cause?: unknown) =>
  cliError('file-malformed', { file, reason }, { cause })
