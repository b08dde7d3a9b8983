import { stepsOfSegment as stepsWithin } from '@takt/domain'
import { videoError } from './errors.ts'

/** Far above any segment; keeps a lying duration from asking for all the memory there is. */
const MAX_SEGMENT_SECONDS = 600

/** Time steps `[firstStep, firstStep + stepCount)` of the session; step m covers media time [m/4, (m+1)/4) s. */
export type StepRange = { readonly firstStep: number; readonly stepCount: number }

/** The steps that belong to a segment, as the domain counts them. Throws `range-invalid` for times that no segment has. */
export function stepsOfSegment(mediaStartSeconds: number, durationSeconds: number): StepRange {
  const refuse = (reason: string) =>
    videoError('range-invalid', { from: mediaStartSeconds, to: mediaStartSeconds + durationSeconds, reason })
  if (!(Number.isFinite(mediaStartSeconds) && mediaStartSeconds >= 0)) throw refuse('it starts at no media time')
  if (!(durationSeconds >= 0 && durationSeconds <= MAX_SEGMENT_SECONDS)) {
    throw refuse(`a segment lasts between 0 and ${MAX_SEGMENT_SECONDS} s`)
  }
  return stepsWithin(mediaStartSeconds, durationSeconds)
}
