import type { BlobStore } from '@takt/blobs'
import { type AdaptationWork, type Database, type MaterialSegment, trainingMaterial } from '@takt/db'
import { type ClipPool, type LeftOutSegment, openClipPool } from '@takt/video'
import { workerError } from '../errors.ts'

/** A day shows every shift; of each view so much of it that a run sees little twice. */
const windowMs = 24 * 3_600_000
const segmentsPerView = 1_000

/** The video that an adaptation learns from: the same whenever and wherever it is asked for. Throws `no-training-video`. */
export async function findTrainingVideo(
  db: Database,
  { id, parent, stations, startedAtMs }: Pick<AdaptationWork, 'id' | 'parent' | 'stations' | 'startedAtMs'>,
): Promise<readonly MaterialSegment[]> {
  const query = { encoder: parent.id, stations, embeddedBeforeMs: startedAtMs, windowMs, perView: segmentsPerView }
  const material = await trainingMaterial(db, query)
  if (material.length === 0)
    throw workerError('no-training-video', { adaptation: id, encoder: parent.id, stations: stations.length })
  return material
}

export interface TrainingVideoOptions {
  readonly seed: number
  /** Side of the encoder's frames. */
  readonly size: number
  readonly batch: number
  readonly stepsPerCall: number
  readonly fromCall: number
  readonly limitBytes: number
  readonly onLeftOut: (leftOut: LeftOutSegment) => void
  readonly signal: AbortSignal
}

/**
 * A segment decoded for training gives so many clips before it makes room. With more of them a short run would see few
 * segments; with fewer, decoding 1080p, some .4 CPU-s a segment, would cost more than a fifth of what training does.
 */
const clipsPerDecode = 16

/** The clips of a run from a call on, masked and cropped as the views were, decoded ahead by one ffmpeg at low priority. */
export function openTrainingVideo(
  blobs: BlobStore,
  material: readonly MaterialSegment[],
  options: TrainingVideoOptions,
): ClipPool {
  // Two views of one camera are two segments to learn from.
  const shown = new Map(material.map(each => [`${each.viewRevision}/${each.segment}`, each]))
  return openClipPool({
    ...options,
    clipsPerDecode,
    decoders: 1,
    segments: [...shown].map(([id, { mediaStartSeconds, durationSeconds, crop, masks }]) => ({
      id,
      mediaStartSeconds,
      durationSeconds,
      view: { ...(crop && { crop }), masks },
    })),
    download: (id, path) => blobs.download(shown.get(id)!.objectKey, path),
  })
}
