import type { FileHandle } from 'node:fs/promises'

/** Holds the headers of a one-second fragment many times over, so that a fragment costs one read. */
const WINDOW_BYTES = 16 * 1024

const SHORT_HEADER_BYTES = 8
const LONG_HEADER_BYTES = 16

/** A window on a file: `bytes` begin at `at`. */
type Window = { readonly at: number; readonly bytes: Uint8Array }

/**
 * The top-level boxes of an MP4 file with every `mdat` emptied: what a segment says of itself is a few kilobytes of
 * its megabytes. A box that ends nowhere in the file stays as its header alone, so that parsing finds the same fault.
 */
export async function readWithoutMedia(file: FileHandle, size: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let window: Window = { at: 0, bytes: new Uint8Array() }
  /** `[from, to)` of the file, by way of the window where it fits. */
  const bytesOf = async (from: number, to: number): Promise<Uint8Array> => {
    if (from < window.at || to > window.at + window.bytes.length)
      window = { at: from, bytes: await readAt(file, from, Math.min(size, Math.max(to, from + WINDOW_BYTES))) }
    return window.bytes.subarray(from - window.at, to - window.at)
  }
  for (let at = 0; at < size; ) {
    const header = await bytesOf(at, Math.min(size, at + LONG_HEADER_BYTES))
    const box = readSize(header, size - at)
    if (box === undefined) return Buffer.concat([...pieces, header])
    pieces.push(box.isMedia ? EMPTY_MEDIA : await bytesOf(at, at + box.bytes))
    at += box.bytes
  }
  return Buffer.concat(pieces)
}

const MDAT = 0x6d646174
const EMPTY_MEDIA = Uint8Array.of(0, 0, 0, SHORT_HEADER_BYTES, 0x6d, 0x64, 0x61, 0x74)

/** A box's whole size, by its first 16 bytes; undefined unless it ends within the `left` bytes of the file. */
function readSize(header: Uint8Array, left: number): { readonly bytes: number; readonly isMedia: boolean } | undefined {
  if (header.length < SHORT_HEADER_BYTES) return undefined
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
  const isMedia = view.getUint32(4) === MDAT
  const short = view.getUint32(0)
  if (short === 0) return { bytes: left, isMedia } // It lasts to the end of the file.
  if (short === 1 && header.length < LONG_HEADER_BYTES) return undefined
  const bytes = short === 1 ? Number(view.getBigUint64(8)) : short
  const least = short === 1 ? LONG_HEADER_BYTES : SHORT_HEADER_BYTES
  return bytes >= least && bytes <= left ? { bytes, isMedia } : undefined
}

async function readAt(file: FileHandle, from: number, to: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(to - from)
  let filled = 0
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, from + filled)
    if (bytesRead === 0) break // It was cut short meanwhile.
    filled += bytesRead
  }
  return bytes.subarray(0, filled)
}
