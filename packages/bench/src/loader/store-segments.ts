import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type BlobStore, blobKeys, openBlobStore } from '@takt/blobs'
import type { TrainingSegment } from '@takt/video'
import type { BenchmarkOptions } from '../benchmark.ts'
import { newId } from '../embed/seed-camera.ts'
import { cameraVideo } from '../material/camera-video.ts'
import { cutSegments } from '../material/cut-segments.ts'

const segmentSeconds = 4

/** A session of 1080p25 video in an object store, a segment's key as its id. */
export async function storeSegments(
  { stateDir, materialDir, signal }: BenchmarkOptions,
  count: number,
): Promise<{ readonly blobs: BlobStore; readonly segments: readonly TrainingSegment[] }> {
  const video = await cameraVideo({ seconds: count * segmentSeconds, materialDir, signal })
  const cuts = await cutSegments(video, { directory: join(stateDir, 'cut'), seconds: segmentSeconds, signal })
  const blobs = await openBlobStore(pathToFileURL(join(stateDir, 'objects')))
  const [camera, session] = [newId(), newId()]
  const segments: TrainingSegment[] = []
  for (const [sequence, { path, startSeconds, durationSeconds }] of cuts.entries()) {
    const id = blobKeys.segment({ camera, session, sequence })
    await blobs.put(id, { path }, { contentType: 'video/mp4' })
    segments.push({ id, mediaStartSeconds: startSeconds, durationSeconds, view: {} })
  }
  return { blobs, segments }
}
