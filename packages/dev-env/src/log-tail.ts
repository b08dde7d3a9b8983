import { open } from 'node:fs/promises'

const tailBytes = 4096
const tailLines = 20

/** The last lines of a log, for error messages; empty when there is none. */
export const logTail = async (path: string): Promise<string> => {
  const file = await open(path).catch(() => undefined)
  if (file === undefined) return ''
  try {
    const { size } = await file.stat()
    const { buffer, bytesRead } = await file.read({
      buffer: Buffer.alloc(tailBytes),
      position: Math.max(0, size - tailBytes),
    })
    return buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n').slice(-tailLines).join('\n')
  } finally {
    await file.close()
  }
}
