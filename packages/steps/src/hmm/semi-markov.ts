import type { DurationLaw } from '../duration-law.ts'

/**
 * An explicit-duration hidden Markov model of a whole recording. Unlike a decoder's window it has no anchor and no
 * bound on its length: durations are explicit up to `maxSteps` of a law and geometric from there on, exactly, so that
 * the cost of a time step does not grow with the recording.
 */
export type SemiMarkovModel = {
  /** ln P(first class), `[class]`. */
  readonly logInitial: Float64Array
  /** ln P(to | from) between segments, `[from, to]`; −∞ on the diagonal. */
  readonly logNext: Float64Array
  /** The law of the first segment: `residual` where the recording finds it under way, `fresh` where it begins. */
  readonly first: DurationLaw
  /** The law of every later segment. */
  readonly fresh: DurationLaw
  /** Whether the last segment ends with the recording or is cut by its end. */
  readonly last: 'whole' | 'cut'
}

/** A segment of a path, `[start, end)` in time steps. */
export type Segment = { readonly classIndex: number; readonly start: number; readonly end: number }
