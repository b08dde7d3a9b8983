import { runtimeError } from './errors.ts'
import { byteCount, type TensorSlot } from './tensor.ts'
import type { TrainingSlots } from './training-slots.ts'

/** The child holds the state twice: what a call reads and what it writes. */
const STATE_COPIES = 2

/**
 * Throws `over_memory_limit`, which names the largest tensor, if what the child holds between and for its calls
 * is more than `limitBytes`. Activations of a step are the native library's own and are not counted.
 */
export function requireMemory({ state, inputs, collected }: TrainingSlots, limitBytes: number): void {
  const sized = (slots: readonly TensorSlot[], copies: number) =>
    slots.map(slot => ({ name: slot.name, bytes: copies * byteCount(slot) }))
  const held = [...sized(state, STATE_COPIES), ...sized(inputs, 1), ...sized(collected, 1)]
  const bytes = held.reduce((sum, tensor) => sum + tensor.bytes, 0)
  if (bytes <= limitBytes) return
  const largest = held.reduce((most, tensor) => (tensor.bytes > most.bytes ? tensor : most))
  throw runtimeError('over_memory_limit', { bytes, limitBytes, largest })
}
