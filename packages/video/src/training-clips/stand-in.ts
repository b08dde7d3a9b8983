import { videoError } from '../errors.ts'
import type { TrainingSegment } from './training-segment.ts'
import { candidates, type WindowPlan } from './window-plan.ts'

/** A segment that cannot be trained on, and why. */
export type LeftOutSegment = { readonly id: string; readonly error: unknown }

export type StandInOptions = {
  readonly plan: WindowPlan
  readonly segments: readonly TrainingSegment[]
  readonly read: (segment: TrainingSegment, signal: AbortSignal) => Promise<Uint8Array>
  readonly onLeftOut: (leftOut: LeftOutSegment) => void
}

/**
 * Reads what stands at a position of the ring: its segment, or the first of its stand-ins that can be read.
 *
 * What is known to be left out only saves reading it again; it changes no choice. Throws `clips-without-segments` when
 * nothing can be read, and every fault that is no segment's own.
 */
export function readerWithStandIns({ plan, segments, read, onLeftOut }: StandInOptions) {
  const leftOut = new Set<TrainingSegment>()
  return async (position: number, signal: AbortSignal): Promise<Uint8Array> => {
    let fault: unknown
    for (const index of candidates(plan, position)) {
      const segment = segments[index]!
      if (leftOut.has(segment)) continue
      try {
        return await read(segment, signal)
      } catch (error) {
        signal.throwIfAborted()
        if (!isOwnFault(error)) throw error
        fault = error
        if (!leftOut.has(segment)) onLeftOut({ id: segment.id, error })
        leftOut.add(segment)
      }
    }
    throw videoError('clips-without-segments', { segments: segments.length }, fault)
  }
}

/** Whether every run meets the fault. Left out for any other, a segment would be missing from one run and not from the next. */
const isOwnFault = (error: unknown) => error instanceof Error && 'retryable' in error && error.retryable === false
