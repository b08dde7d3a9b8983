import { type BlobStore, blobKeys } from '@takt/blobs'
import type { DriftSegment } from '@takt/db'
import { backgroundSize, type SegmentLook } from '@takt/drift'
import { decodeNpy, toFloat32 } from '@takt/onnx'
import { hasCode } from '@takt/service/errors'
import { workerError } from '../errors.ts'

/** What drift is measured on of one segment, of `places · dim` features a step. Throws `embedding-unlike` and what the store throws. */
export async function lookAtSegment(
  blobs: BlobStore,
  segment: DriftSegment,
  { width }: { readonly width: number },
): Promise<SegmentLook> {
  const { shape, dtype, data } = decodeNpy(await blobs.get(segment.objectKey))
  const [steps = 0, places = 0, dim = 0] = shape
  if (shape.length !== 3 || dtype !== 'float16' || steps === 0 || places * dim !== width)
    throw workerError('embedding-unlike', { key: segment.objectKey, found: `${dtype} [${shape.join(', ')}]`, width })
  return { steps, features: toFloat32(data), background: await backgroundAt(blobs, segment) }
}

/** None of video that was embedded before backgrounds were kept, or has another form. */
async function backgroundAt(blobs: BlobStore, segment: DriftSegment): Promise<Uint8Array | null> {
  const background = await blobs.get(blobKeys.background(segment)).catch((error: unknown) => {
    if (hasCode(error, 'blob-not-found')) return null
    throw error
  })
  return background?.length === backgroundSize ** 2 ? background : null
}
