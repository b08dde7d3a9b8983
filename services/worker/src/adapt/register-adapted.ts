import { type BlobStore, blobKeys } from '@takt/blobs'
import type { LossPoint } from '@takt/db'
import {
  type AdaptationLease,
  type AdaptationWork,
  type Database,
  finishAdaptation,
  type MaterialSegment,
  namedId,
} from '@takt/db'
import type { EncoderId } from '@takt/domain'
import { encodeSafetensors } from '@takt/onnx'
import type { Tensors } from '@takt/runtime'

export interface Learnt {
  readonly weights: Tensors
  readonly steps: number
  readonly material: readonly MaterialSegment[]
  readonly losses: readonly LossPoint[]
}

/**
 * Stores what was learnt as a new encoder, whose id follows from the adaptation: done twice, the first weights stay and
 * there is one encoder. Returns null where the lease was lost and another finishes it.
 */
export async function registerAdapted(
  { db, blobs }: { readonly db: Database; readonly blobs: BlobStore },
  work: AdaptationWork,
  lease: AdaptationLease,
  { weights, steps, material, losses }: Learnt,
): Promise<EncoderId | null> {
  const encoder = namedId(work.id, 'encoder')
  const weightsKey = blobKeys.encoderWeights({ encoder })
  const metadata = { method: work.method, parent: work.parent.id, adaptation: work.id, steps: String(steps) }
  await blobs.put(weightsKey, encodeSafetensors({ tensors: weights, metadata }), { ifAbsent: true })
  const learntFrom = {
    stations: work.stations,
    from: new Date(Math.min(...material.map(segment => segment.startUtcMs))).toISOString(),
    to: new Date(Math.max(...material.map(segment => segment.endUtcMs))).toISOString(),
    segments: material.length,
    steps,
    lastLoss: losses.at(-1)?.loss ?? null,
    features: losses.findLast(point => point.features)?.features ?? null,
  }
  const name = `${work.method} ${work.id}`
  return (await finishAdaptation(db, lease, { id: encoder, name, weightsKey, learntFrom })) ? encoder : null
}
