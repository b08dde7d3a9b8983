import type { BlobStore } from '@takt/blobs'
import { encodeNpy, fromFloat32 } from '@takt/onnx'
import { expect, test } from 'vitest'
import { createEmbeddingCache, stepFeatures } from './embedding-cache.ts'

const npy = (shape: number[]) =>
  encodeNpy({ shape, data: new Uint16Array(shape.reduce((product, length) => product * length, 1)) })

function store(objects: Record<string, Uint8Array>) {
  const reads: string[] = []
  const get = async (key: string) => {
    reads.push(key)
    const object = objects[key]
    if (!object) throw new Error(`there is no ${key}`)
    return object
  }
  return { blobs: { get } as unknown as BlobStore, objects, reads }
}

test('an embedding is read once, and its steps are views into it', async () => {
  const data = fromFloat32(Float32Array.from({ length: 2 * 4 * 3 }, (_, i) => i / 2))
  const { blobs, reads } = store({ a: encodeNpy({ shape: [2, 4, 3], data }) })
  const embeddingAt = createEmbeddingCache(blobs)
  const [one, same] = await Promise.all([embeddingAt('a'), embeddingAt('a')])
  expect(one).toBe(same)
  expect(reads).toEqual(['a'])
  expect(one).toMatchObject({ steps: 2, width: 12 })
  expect([...stepFeatures(one, 1)]).toEqual(Array.from({ length: 12 }, (_, i) => (12 + i) / 2))
  expect(stepFeatures(one, 1).buffer).toBe(one.data.buffer)
})

test('it keeps no more than its limit, and lets go of what was asked for longest ago', async () => {
  const { blobs, reads } = store({ a: npy([1, 1, 1]), b: npy([1, 1, 1]), c: npy([1, 1, 1]) })
  const embeddingAt = createEmbeddingCache(blobs, 2)
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await embeddingAt(key)
  expect(reads).toEqual(['a', 'b', 'c', 'b'])
})

test('a read that failed is tried again', async () => {
  const { blobs, objects } = store({})
  const embeddingAt = createEmbeddingCache(blobs)
  await expect(embeddingAt('a')).rejects.toThrow('there is no a')
  objects.a = npy([1, 1, 1])
  expect(await embeddingAt('a')).toMatchObject({ steps: 1 })
})

test.each([
  ['of another rank', npy([2, 3])],
  ['without steps', npy([0, 4, 3])],
  ['of another type', encodeNpy({ shape: [1, 1, 1], data: new Float32Array(1) })],
  ['that is no array', new Uint8Array([1, 2, 3])],
  ['that is empty', new Uint8Array()],
  ['that is cut short', npy([4, 4, 4]).subarray(0, 100)],
])('an object %s is refused by its key', async (_, object) => {
  await expect(createEmbeddingCache(store({ a: object }).blobs)('a')).rejects.toMatchObject({
    code: 'embedding-malformed',
    message: expect.stringContaining('embedding a is'),
    retryable: false,
  })
})
