import type { Cursor } from '@takt/domain'
import { type DecoderState, decodeCheckpoint, openDecoder, type StepHead } from '@takt/steps'
import { segmenterError } from './errors.ts'
import { warmUpSlots } from './warm-up.ts'

/** A run's cursor with the slot that the run starts at. */
export interface RunPosition extends Cursor {
  readonly runFromSlot: number
}

/**
 * The decoder at a cursor: as its checkpoint says, or new and a warm-up earlier. Throws `checkpoint-refused` on a
 * checkpoint that is malformed, of another head or version, or of another place than the cursor.
 */
export function openCursor(head: StepHead, { checkpoint, decodedThrough }: RunPosition): DecoderState {
  if (checkpoint.length === 0) return openDecoder(head, decodedThrough - warmUpSlots)
  const state = decodeStored(head, checkpoint)
  const { seenThrough } = state.ahead
  if (seenThrough !== decodedThrough)
    throw segmenterError('checkpoint-refused', {
      reason: `it ends at slot ${seenThrough}, the cursor at ${decodedThrough}`,
    })
  return state
}

function decodeStored(head: StepHead, checkpoint: Uint8Array): DecoderState {
  try {
    return decodeCheckpoint(checkpoint, head)
  } catch (cause) {
    throw segmenterError('checkpoint-refused', { reason: (cause as Error).message }, { cause })
  }
}
