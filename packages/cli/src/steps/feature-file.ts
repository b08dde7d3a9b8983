import { type FileHandle, open } from 'node:fs/promises'
import { npyLayout, toFloat32 } from '@takt/onnx'
import { cliError } from '../errors.ts'
import { malformed } from './read-input.ts'

/** What a file of features says of itself; its numbers stay where they are. */
export interface FeatureFile {
  readonly file: string
  /** Two axes, or three: time, places of a grid, numbers of a place. */
  readonly shape: readonly number[]
  readonly element: Element
  /** Whether the first axis is the innermost, as in an array that NumPy has transposed. */
  readonly isFortran: boolean
  readonly dataOffset: number
}

/** Where time runs in a matrix; with three axes it is the first. */
export type TimeAxis = 0 | 1

type Element = keyof typeof elements

/** How numbers of each element type become floats; a buffer starts at an aligned address. */
const elements = {
  '<f2': {
    bytes: 2,
    floats: (bytes: Uint8Array<ArrayBuffer>) => toFloat32(new Uint16Array(bytes.buffer, 0, bytes.length / 2)),
  },
  '<f4': { bytes: 4, floats: (bytes: Uint8Array<ArrayBuffer>) => new Float32Array(bytes.buffer, 0, bytes.length / 4) },
  '<f8': {
    bytes: 8,
    floats: (bytes: Uint8Array<ArrayBuffer>) => Float32Array.from(new Float64Array(bytes.buffer, 0, bytes.length / 8)),
  },
} as const

/** Bytes of a header that are read; longer ones are of records, which are refused anyway. */
const HEADER_BYTES = 4096
/** Bytes of numbers that are read at a time. */
const PIECE_BYTES = 2 ** 22

/** Reads the header. Throws `file-unreadable` and `file-malformed`. */
export async function openFeatureFile(file: string): Promise<FeatureFile> {
  await using handle = await openFile(file)
  const head = Buffer.alloc(HEADER_BYTES)
  const { bytesRead } = await handle.read(head, 0, HEADER_BYTES, 0)
  const { descriptor, order, shape, content } = layoutOf(file, head.subarray(0, bytesRead))
  if (!Object.hasOwn(elements, descriptor)) {
    throw malformed(
      file,
      `its element type ${JSON.stringify(descriptor)} is not one of ${Object.keys(elements).join(', ')}`,
    )
  }
  const element = descriptor as Element
  const isFortran = order === 'Fortran'
  if (shape.length < 2 || shape.length > (isFortran ? 2 : 3)) {
    throw malformed(
      file,
      `shape [${shape.join(', ')}] in ${order} order is no matrix, nor a grid a time step in C order`,
    )
  }
  const dataOffset = bytesRead - content.length
  const wanted = dataOffset + elements[element].bytes * shape.reduce((product, size) => product * size, 1)
  const { size } = await handle.stat()
  if (size !== wanted)
    throw malformed(file, `it has ${size} bytes and not the ${wanted} of shape [${shape.join(', ')}]`)
  return { file, shape, element, isFortran, dataOffset }
}

/**
 * Writes the numbers so that the axis `timeAxis` is the outermost. Throws `file-unreadable`, and `file-malformed` where it
 * ends too early.
 */
export async function readFeatures(feature: FeatureFile, into: Float32Array, timeAxis: TimeAxis): Promise<void> {
  const { file, shape, element, isFortran, dataOffset } = feature
  const count = shape.reduce((product, size) => product * size, 1)
  const liesSo = isFortran === (timeAxis === 1)
  await using handle = await openFile(file)
  if (liesSo && element === '<f4') {
    const bytes = new Uint8Array(into.buffer, into.byteOffset, 4 * count)
    return fill(handle, { file, bytes, position: dataOffset })
  }
  // The outermost axis of the file becomes the innermost, or stays where it is.
  const outer = isFortran ? shape.at(-1)! : shape[0]!
  const inner = count / outer
  const { bytes, floats } = elements[element]
  const piece = Buffer.from(new ArrayBuffer(Math.min(PIECE_BYTES, count * bytes)))
  for (let done = 0; done < count; ) {
    const wanted = Math.min(piece.length, (count - done) * bytes)
    await fill(handle, { file, bytes: piece.subarray(0, wanted), position: dataOffset + done * bytes })
    const numbers = floats(new Uint8Array(piece.buffer as ArrayBuffer, 0, wanted))
    if (liesSo) into.set(numbers, done)
    else {
      for (let i = 0, at = done; i < numbers.length; i++, at++) {
        into[(at % inner) * outer + Math.floor(at / inner)] = numbers[i]!
      }
    }
    done += numbers.length
  }
}

/** Throws `file-malformed` where a number is not finite, by its place among time steps. A plain loop: there are many. */
export function requireFinite({ file, shape }: FeatureFile, features: Float32Array, timeAxis: TimeAxis): void {
  const count = shape.reduce((product, size) => product * size, 1)
  const channels = count / shape[timeAxis]!
  for (let i = 0; i < count; i++) {
    if (Number.isFinite(features[i]!)) continue
    throw malformed(file, `feature ${i % channels} of time step ${Math.floor(i / channels)} is ${features[i]}`)
  }
}

async function openFile(file: string): Promise<FileHandle> {
  try {
    return await open(file)
  } catch (cause) {
    throw cliError(
      'file-unreadable',
      { file, reason: (cause as NodeJS.ErrnoException).code ?? String(cause) },
      { cause },
    )
  }
}

type Piece = { readonly file: string; readonly bytes: Uint8Array; readonly position: number }

async function fill(handle: FileHandle, { file, bytes, position }: Piece): Promise<void> {
  for (let filled = 0; filled < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, position + filled)
    if (bytesRead === 0) throw malformed(file, `it ends at byte ${position + filled} while it is read`)
    filled += bytesRead
  }
}

function layoutOf(file: string, bytes: Uint8Array) {
  try {
    return npyLayout(bytes)
  } catch (cause) {
    throw malformed(file, cause instanceof Error ? cause.message : String(cause), cause)
  }
}
