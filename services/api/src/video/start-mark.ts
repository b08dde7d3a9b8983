import { appendFile, type FileHandle } from 'node:fs/promises'

/** A `free` box (ISO/IEC 14496-12, 8.1.2), which players skip: its size, its type, and one float64. */
const boxBytes = 16

/**
 * Writes into an MP4 file itself at which instant its first picture was taken, as a box at its end: the file and what
 * is known of it cannot part.
 */
export const markStart = async (path: string, startsAtMs: number): Promise<void> => {
  const box = Buffer.alloc(boxBytes)
  box.writeUInt32BE(boxBytes, 0)
  box.write('free', 4, 'latin1')
  box.writeDoubleBE(startsAtMs, 8)
  await appendFile(path, box)
}

/** The instant that `markStart` has written into a file of that size. */
export const readStart = async (file: FileHandle, size: number): Promise<Date> => {
  const { buffer } = await file.read(Buffer.alloc(8), 0, 8, size - 8)
  return new Date(buffer.readDoubleBE(0))
}
