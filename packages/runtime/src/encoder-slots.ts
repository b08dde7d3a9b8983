import { runtimeError } from './errors.ts'
import type { Session } from './runtime.ts'
import { elementCount, type TensorSlot } from './tensor.ts'

/** The input of an encoder of `batch` clips, and how much of input and output belongs to one clip. */
export interface EncoderSlots {
  readonly frames: TensorSlot
  readonly clipBytes: number
  readonly featuresPerClip: number
}

/** Reads them from a session; throws `bad_encoder` unless it maps uint8 `frames` to float16 `features`. */
export function encoderSlots({ inputs, outputs }: Session, batch: number): EncoderSlots {
  const frames = requireSlot(inputs, { name: 'frames', dtype: 'uint8', batch })
  const features = requireSlot(outputs, { name: 'features', dtype: 'float16', batch })
  return {
    frames,
    clipBytes: elementCount(frames.shape) / batch,
    featuresPerClip: elementCount(features.shape) / batch,
  }
}

interface Wanted extends Pick<TensorSlot, 'name' | 'dtype'> {
  readonly batch: number
}

function requireSlot(slots: readonly TensorSlot[], { name, dtype, batch }: Wanted): TensorSlot {
  const slot = slots.find(slot => slot.name === name && slot.dtype === dtype && slot.shape[0] === batch)
  if (slots.length === 1 && slot) return slot
  const found = slots.map(slot => `${slot.name} ${slot.dtype}[${slot.shape.join(', ')}]`).join(' and ')
  throw runtimeError('bad_encoder', { reason: `it has ${found} instead of ${name} ${dtype}[${batch}, …]` })
}
