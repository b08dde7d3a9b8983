import { StepsError } from './errors.ts'
import { bytesOf } from './fingerprint.ts'

/** Appends numbers and arrays to a little-endian byte string. */
export type ByteWriter = {
  readonly uint32: (value: number) => void
  readonly float64: (value: number) => void
  readonly text: (value: string) => void
  /** Raw elements, without a length. */
  readonly array: (value: Float32Array | Int8Array) => void
  readonly bytes: () => Uint8Array
}

export function byteWriter(): ByteWriter {
  const chunks: Uint8Array[] = []
  const scalar = (size: number, write: (view: DataView) => void) => {
    const view = new DataView(new ArrayBuffer(size))
    write(view)
    chunks.push(bytesOf(view))
  }
  const uint32 = (value: number) => scalar(4, view => view.setUint32(0, value, true))
  return {
    uint32,
    float64: value => scalar(8, view => view.setFloat64(0, value, true)),
    text: value => {
      const encoded = new TextEncoder().encode(value)
      uint32(encoded.length)
      chunks.push(encoded)
    },
    array: value => chunks.push(bytesOf(value).slice()),
    bytes: () => {
      const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
      let at = 0
      for (const chunk of chunks) {
        all.set(chunk, at)
        at += chunk.length
      }
      return all
    },
  }
}

/** Reads what a `ByteWriter` wrote; every read past the end throws a RangeError. */
export type ByteReader = {
  readonly uint32: () => number
  readonly float64: () => number
  readonly text: () => string
  readonly float32Array: (length: number) => Float32Array
  readonly int8Array: (length: number) => Int8Array
  /** A counted list; throws `checkpoint_malformed` beyond `most`. */
  readonly list: <T>(most: number, read: () => T) => T[]
  readonly remaining: () => number
}

export function byteReader(bytes: Uint8Array): ByteReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const take = (size: number): number => {
    if (size > bytes.length - at) throw new RangeError(`${size} bytes wanted at ${at} of ${bytes.length}`)
    at += size
    return at - size
  }
  const copy = (size: number): ArrayBuffer => {
    const from = take(size)
    const buffer = new ArrayBuffer(size)
    new Uint8Array(buffer).set(bytes.subarray(from, from + size))
    return buffer
  }
  const uint32 = () => view.getUint32(take(4), true)
  return {
    uint32,
    float64: () => view.getFloat64(take(8), true),
    text: () => new TextDecoder('utf-8', { fatal: true }).decode(copy(uint32())),
    float32Array: length => new Float32Array(copy(4 * length)),
    int8Array: length => new Int8Array(copy(length)),
    list: (most, read) => {
      const length = uint32()
      if (length > most) throw new StepsError('checkpoint_malformed', { length, most })
      return Array.from({ length }, read)
    },
    remaining: () => bytes.length - at,
  }
}
