import { STEP_SECONDS } from './time-step.ts'

/** Which column of a posterior a border belongs to, and at which step of the window it was decided. */
export type Border = { readonly classIndex: number; readonly classCount: number; readonly border: number }

/**
 * Root mean square error, in seconds, of a decided border b under its posterior P(u), with the rounding to steps:
 *   sd = STEP · √( Σ P(u) (u − b)² / Σ P(u) + 1/12 )
 * `posterior` is `[step, class]`, P(start) or P(end).
 */
export function borderSd(posterior: Float64Array, { classIndex, classCount, border }: Border): number {
  let mass = 0
  let squares = 0
  for (let u = 0, at = classIndex; at < posterior.length; u++, at += classCount) {
    mass += posterior[at]!
    squares += posterior[at]! * (u - border) ** 2
  }
  // Where the posterior sees no such border at all, it may be anywhere in the window.
  const variance = mass > 1e-12 ? squares / mass : (posterior.length / classCount) ** 2 / 12
  return STEP_SECONDS * Math.sqrt(variance + 1 / 12)
}
