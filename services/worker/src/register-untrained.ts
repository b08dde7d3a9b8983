import { type BlobStore, blobKeys } from '@takt/blobs'
import { type Database, encoderCount, registerEncoder } from '@takt/db'
import { untrainedEncoder } from '@takt/nn'
import { encodeSafetensors } from '@takt/onnx'

/** The same in every plant: its weights follow from the seed alone. */
const untrained = { id: '00000000-0000-7000-8000-000000000001', name: 'untrained', seed: 1 } as const

/**
 * Gives a plant without any encoder its first one: a video ViT with seeded random weights. It has learnt nothing;
 * what it is good for comes from the grid it keeps and the head on top. Several workers may do this at once.
 */
export async function registerUntrained(db: Database, blobs: BlobStore): Promise<boolean> {
  if ((await encoderCount(db)) > 0) return false
  const { spec, parameters } = untrainedEncoder({ seed: untrained.seed })
  const weightsKey = blobKeys.encoderWeights({ encoder: untrained.id })
  await blobs.put(
    weightsKey,
    encodeSafetensors({ tensors: parameters, metadata: { method: 'untrained', seed: String(untrained.seed) } }),
    { ifAbsent: true },
  )
  return registerEncoder(db, {
    id: untrained.id,
    name: untrained.name,
    method: 'untrained',
    spec: { ...spec },
    weightsKey,
    serving: true,
  })
}
