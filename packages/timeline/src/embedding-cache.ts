import type { BlobStore } from '@takt/blobs'
import { decodeNpy, type NpyArray, toFloat32 } from '@takt/onnx'
import { timelineError } from './errors.ts'

/** An embedding in memory: `[time, grid · dim]`, float32. */
export interface Embedding {
  readonly steps: number
  readonly width: number
  readonly data: Float32Array
}

/** The features of one time step, `[grid · dim]`, a view into the embedding. */
export const stepFeatures = (embedding: Embedding, step: number): Float32Array =>
  embedding.data.subarray(step * embedding.width, (step + 1) * embedding.width)

/**
 * The embeddings asked for last, by object key, up to `limit` of them: neighbouring batches share a segment. About
 * 200 KB each at 4 × 4 × 192 and 4 s. Throws `embedding-malformed` and what the store throws; a failed read is not kept.
 */
export function createEmbeddingCache(blobs: BlobStore, limit = 256): (key: string) => Promise<Embedding> {
  const kept = new Map<string, Promise<Embedding>>()
  return key => {
    const reading = kept.get(key) ?? read(blobs, key)
    // A map keeps the order of insertion: what is asked for moves to its end, what nobody asked for longest leaves.
    kept.delete(key)
    kept.set(key, reading)
    reading.catch(() => kept.delete(key))
    for (const longestUnasked of kept.keys()) {
      if (kept.size <= limit) break
      kept.delete(longestUnasked)
    }
    return reading
  }
}

async function read(blobs: BlobStore, key: string): Promise<Embedding> {
  const { shape, dtype, data } = decode(key, await blobs.get(key))
  const [steps, cells, dim] = shape
  if (shape.length !== 3 || !steps || !cells || !dim || dtype !== 'float16')
    throw timelineError('embedding-malformed', { key, found: `${dtype} [${shape.join('×')}]` })
  return { steps, width: cells * dim, data: toFloat32(data) }
}

function decode(key: string, file: Uint8Array): NpyArray {
  try {
    return decodeNpy(file)
  } catch (cause) {
    throw timelineError('embedding-malformed', { key, found: `${file.length} other bytes` }, { cause })
  }
}
