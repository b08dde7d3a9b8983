import type { BlobStore } from '@takt/blobs'
import type { OpenSlot } from '@takt/db'
import { type AnyEncoderSpec, encoderModel, parseAnyEncoderSpec } from '@takt/nn'
import { decodeSafetensors } from '@takt/onnx'
import { type Encoder, openEncoder, type Provider, type Runtime } from '@takt/runtime'

/** An encoder that is loaded on the device. */
export interface LoadedEncoder {
  readonly spec: AnyEncoderSpec
  readonly encoder: Encoder
}

/**
 * Batches have few sizes, so that few models are compiled; a 4 s segment of one view is 2 clips. On a CPU larger ones
 * cost more a clip, since their activations leave the cache; a GPU is only filled by them.
 */
const batchSizes: Readonly<Record<Provider, readonly number[]>> = {
  cpu: [1, 2, 4],
  cuda: [1, 4, 16, 32],
  webgpu: [1, 4, 16],
}

/** The encoders of the slots, each loaded once. Their number is that of the plant's live encoders. */
export interface Encoders extends AsyncDisposable {
  readonly of: (slot: Pick<OpenSlot, 'encoder' | 'spec' | 'weightsKey'>) => Promise<LoadedEncoder>
}

export function createEncoders(runtime: Runtime, provider: Provider, blobs: BlobStore): Encoders {
  const loaded = new Map<string, Promise<LoadedEncoder>>()
  const load = async (slot: Pick<OpenSlot, 'spec' | 'weightsKey'>): Promise<LoadedEncoder> => {
    const spec = parseAnyEncoderSpec(slot.spec)
    const { tensors } = decodeSafetensors(await blobs.get(slot.weightsKey))
    const modelFor = (batch: number) => encoderModel(spec, tensors, { batch, provider })
    return { spec, encoder: openEncoder(runtime, { modelFor, batchSizes: batchSizes[provider] }) }
  }
  return {
    of: slot => {
      const there = loaded.get(slot.encoder)
      if (there) return there
      const loading = load(slot)
      loaded.set(slot.encoder, loading)
      loading.catch(() => loaded.delete(slot.encoder))
      return loading
    },
    [Symbol.asyncDispose]: async () => {
      for (const encoder of await Promise.allSettled(loaded.values()))
        if (encoder.status === 'fulfilled') await encoder.value.encoder[Symbol.asyncDispose]()
    },
  }
}
