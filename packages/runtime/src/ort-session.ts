import ort from 'onnxruntime-node'
import type { ChildOptions, Signature } from './protocol.ts'
import { isDType, type Tensor, type TensorSlot } from './tensor.ts'

interface SessionOptions extends ChildOptions {
  /** Starts a profile in files of that name. */
  readonly profilePrefix?: string
  /**
   * Without the library's own pools and plans of memory. In a training step these hold two thirds more than is alive at
   * once, because it has thousands of tensors of a hundred sizes.
   */
  readonly memory?: 'frugal'
}

/** A session of the native library over a serialised model. */
export function createSession(
  model: Uint8Array,
  { provider, threads, profilePrefix, memory }: SessionOptions,
): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(model, {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    enableCpuMemArena: memory !== 'frugal',
    enableMemPattern: memory !== 'frugal',
    // Threads that wait sleep: on a shared machine, spinning costs a tenth more CPU and gains no time.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    ...(profilePrefix && { enableProfiling: true, profileFilePrefix: profilePrefix }),
  })
}

export function signatureOf({ inputMetadata, outputMetadata }: ort.InferenceSession): Signature {
  return { inputs: inputMetadata.map(toSlot), outputs: outputMetadata.map(toSlot) }
}

export function toOrt({ dtype, data, shape }: Tensor): ort.Tensor {
  return new ort.Tensor(dtype, data, shape)
}

/** Only tensors of static shape and a known element type pass. */
export function toSlot(metadata: ort.InferenceSession.ValueMetadata): TensorSlot {
  const { name } = metadata
  if (!metadata.isTensor) throw new Error(`"${name}" is not a tensor`)
  const { type, shape } = metadata
  if (!isDType(type)) throw new Error(`"${name}" has element type ${type}`)
  const sizes = shape.map(size => (typeof size === 'number' ? size : Number.NaN))
  if (sizes.some(Number.isNaN)) throw new Error(`"${name}" has dynamic shape [${shape.join(', ')}]`)
  return { name, dtype: type, shape: sizes }
}
