import { FRAMES_PER_STEP } from './clips.ts'
import { videoError } from './errors.ts'

/** Frames per second of the grid that encoders see. */
export const GRID_FRAMES_PER_SECOND = 8
export const STEPS_PER_SECOND = GRID_FRAMES_PER_SECOND / FRAMES_PER_STEP

const MICROS_PER_SECOND = 1_000_000
const MICROS_PER_STEP = MICROS_PER_SECOND / STEPS_PER_SECOND
/** Far above any segment; keeps a lying duration from asking for all the memory there is. */
const MAX_SEGMENT_SECONDS = 600

/** Time steps `[firstStep, firstStep + stepCount)` of the session; step m covers media time [m/4, (m+1)/4) s. */
export type StepRange = { readonly firstStep: number; readonly stepCount: number }

/**
 * The steps that belong to a segment: those with start ≤ m/4 s < start + duration.
 *
 * Both bounds are taken to whole microseconds, so that a segment's end and the next one's start, equal as announced,
 * stay equal after floating-point addition and no step is owned twice or by none. Throws `range-invalid`.
 */
export function stepsOfSegment(mediaStartSeconds: number, durationSeconds: number): StepRange {
  refuseImpossible(mediaStartSeconds, durationSeconds)
  const startMicros = Math.round(mediaStartSeconds * MICROS_PER_SECOND)
  const endMicros = Math.round((mediaStartSeconds + durationSeconds) * MICROS_PER_SECOND)
  const firstStep = Math.ceil(startMicros / MICROS_PER_STEP)
  return { firstStep, stepCount: Math.ceil(endMicros / MICROS_PER_STEP) - firstStep }
}

function refuseImpossible(start: number, duration: number): void {
  const refuse = (reason: string) => videoError('range-invalid', { from: start, to: start + duration, reason })
  if (!(Number.isFinite(start) && start >= 0)) throw refuse('it starts at no media time')
  if (!(duration >= 0 && duration <= MAX_SEGMENT_SECONDS)) {
    throw refuse(`a segment lasts between 0 and ${MAX_SEGMENT_SECONDS} s`)
  }
}
