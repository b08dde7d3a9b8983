import { type BlobStore, blobKeys } from '@takt/blobs'
import type { AdaptationId } from '@takt/domain'
import { decodeSafetensors, encodeSafetensors } from '@takt/onnx'
import type { Checkpoint } from '@takt/runtime'
import { workerError } from '../errors.ts'

/** A state to go on from, and how long training has taken to come to it. */
export interface StoredCheckpoint extends Checkpoint {
  readonly trainedMs: number
}

/** Writes a checkpoint to the place that its step names; the same step is the same state. */
export async function storeCheckpoint(
  blobs: BlobStore,
  adaptation: AdaptationId,
  { step, state, trainedMs }: StoredCheckpoint,
): Promise<void> {
  const metadata = { step: String(step), trainedMs: String(Math.round(trainedMs)) }
  await blobs.put(blobKeys.trainingCheckpoint({ adaptation, step }), encodeSafetensors({ tensors: state, metadata }))
}

/** Throws `checkpoint-malformed` and what the store and the file format throw. */
export async function loadCheckpoint(
  blobs: BlobStore,
  adaptation: AdaptationId,
  step: number,
): Promise<StoredCheckpoint> {
  const key = blobKeys.trainingCheckpoint({ adaptation, step })
  const { tensors, metadata } = decodeSafetensors(await blobs.get(key))
  const trainedMs = Number(metadata.trainedMs)
  if (metadata.step !== String(step) || !(trainedMs >= 0))
    throw workerError('checkpoint-malformed', { key, found: JSON.stringify(metadata) })
  return { step, state: tensors, trainedMs }
}

/** Removes all of an adaptation's checkpoints but the one to keep. */
export async function removeCheckpoints(
  blobs: BlobStore,
  adaptation: AdaptationId,
  keep: { readonly step: number } | null,
): Promise<void> {
  const kept = keep && blobKeys.trainingCheckpoint({ adaptation, step: keep.step })
  for await (const { key } of blobs.list(blobKeys.trainingCheckpoints({ adaptation })))
    if (key !== kept) await blobs.remove(key)
}
