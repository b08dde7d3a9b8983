/** Pictures a second on the encoder's frame grid. */
export const frameRateHz = 8

/** One time step is one tubelet of two pictures. */
export const framesPerStep = 2

/** Length of one time step of an embedding and of one slot of a station's timeline, ms. */
export const stepMs = (1000 * framesPerStep) / frameRateHz

/** A clip is what the encoder sees at once: 16 pictures, 8 time steps, 2 s. */
export const stepsPerClip = 8

/** Cells of the coarse spatial grid kept in an embedding: 4 × 4, row-major. */
export const gridCells = 16

/** Milliseconds since the Unix epoch. Fractions are kept. */
export type UtcMs = number

/** The first time step at or after a media time, s. */
export const firstStepAtOrAfter = (mediaSeconds: number): number =>
  Math.ceil(roundTicks(mediaSeconds) / (stepMs / 1000))

/** The time steps that belong to a segment: those that start within `[start, start + duration)` of its session's media time. */
export function stepsOfSegment(
  mediaStartSeconds: number,
  durationSeconds: number,
): { firstStep: number; stepCount: number } {
  const firstStep = firstStepAtOrAfter(mediaStartSeconds)
  return { firstStep, stepCount: firstStepAtOrAfter(mediaStartSeconds + durationSeconds) - firstStep }
}

/** Media times come as ticks over a timescale; a microsecond is finer than any of them and hides their rounding. */
const roundTicks = (seconds: number): number => Math.round(seconds * 1e6) / 1e6
