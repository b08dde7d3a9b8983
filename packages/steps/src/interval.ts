/** A part of an interval that a motion took. */
export type Motion = {
  readonly motion: string
  /** Seconds after the interval's expected start. */
  readonly startSeconds: number
  readonly endSeconds: number
  /** Standard deviation of the start: the interval's own where it begins with the motion. */
  readonly startSdSeconds: number
  readonly endSdSeconds: number
  /** Mean posterior probability of the motion over its part, 0.5 to 1. */
  readonly confidence: number
}

/** One occurrence of a step, in time steps of 250 ms; `endStep` is exclusive. */
export type Interval = {
  readonly classIndex: number
  readonly step: string
  readonly startStep: number
  readonly endStep: number
  /** Expected start less the beginning of `startStep`, within ± half a step; 0 where the start is censored. */
  readonly startOffsetSeconds: number
  /** Expected end less the beginning of `endStep`, within ± half a step; 0 where the end is censored. */
  readonly endOffsetSeconds: number
  /** True where the video, not the work, begins here: the step started at or before `startStep`. */
  readonly censoredStart: boolean
  /** True where the video, not the work, ends here: the step ended at or after `endStep`. */
  readonly censoredEnd: boolean
  /** Mean posterior probability of the step over its interval, 0 to 1. */
  readonly confidence: number
  /**
   * True where the video was seen and does not tell: the step is less probable than not, or the 90 % interval of its
   * duration reaches down to nothing. What it says of times is no measurement.
   */
  readonly weak: boolean
  /** Standard deviation of the start: its posterior's, calibrated on held-out cycles; null where it is censored. */
  readonly startSdSeconds: number | null
  /** Standard deviation of the end, likewise. */
  readonly endSdSeconds: number | null
  /** Standard deviation of the time between the two; null where either is censored. */
  readonly durationSdSeconds: number | null
  /** Motions in order, without overlaps; what they leave is a rest. Undefined where they are not told apart. */
  readonly motions?: readonly Motion[] | undefined
}
