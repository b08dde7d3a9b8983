import type { BlobStore } from '@takt/blobs'
import { decodeNpy, toFloat32 } from '@takt/onnx'
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
 * The embeddings read last, by object key, up to `limit` of them: neighbouring batches share a segment, and stations of
 * one stream share nothing. About 200 KB each at 4 × 4 × 192 and 4 s.
 */
export function createEmbeddingCache(blobs: BlobStore, limit = 256): (key: string) => Promise<Embedding> {
  const kept = new Map<string, Promise<Embedding>>()
  return key => {
    const there = kept.get(key)
    if (there) return there
    const reading = read(blobs, key)
    kept.set(key, reading)
    reading.catch(() => kept.delete(key))
    const oldest = kept.keys().next().value
    if (kept.size > limit && oldest !== undefined) kept.delete(oldest)
    return reading
  }
}

async function read(blobs: BlobStore, key: string): Promise<Embedding> {
  const { shape, dtype, data } = decodeNpy(await blobs.get(key))
  const [steps, cells, dim] = shape
  if (shape.length !== 3 || !steps || !cells || !dim || dtype !== 'float16')
    throw timelineError('embedding-malformed', { key, shape: shape.join('×'), dtype })
  return { steps, width: cells * dim, data: toFloat32(data) }
}
