import { decodeNpyMatrix } from '@takt/onnx'
import { malformed, readBytes } from '../steps/read-input.ts'

/** What discovery looks at, and for how long each vector lasts. */
export interface Features {
  readonly vectors: readonly Float32Array[]
  readonly stepSeconds: number
}

/** Features `[time, channel]` of an npy file. Throws `file-unreadable` and `file-malformed`, which names what is wrong. */
export async function readFeatures(file: string, rateHz: number): Promise<Features> {
  const { rows, columns, values } = decoded(file, await readBytes(file))
  if (rows === 0 || columns === 0) throw malformed(file, `its shape [${rows}, ${columns}] holds no feature`)
  const odd = values.findIndex(value => !Number.isFinite(value))
  if (odd >= 0) {
    throw malformed(file, `frame ${Math.floor(odd / columns)} has ${values[odd]} in channel ${odd % columns}`)
  }
  const vectors = Array.from({ length: rows }, (_, row) => values.subarray(row * columns, (row + 1) * columns))
  return { vectors, stepSeconds: 1 / rateHz }
}

function decoded(file: string, bytes: Uint8Array) {
  try {
    return decodeNpyMatrix(bytes)
  } catch (cause) {
    throw malformed(file, (cause as Error).message, cause)
  }
}
