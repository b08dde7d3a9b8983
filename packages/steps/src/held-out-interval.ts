/**
 * An interval that a head found in a cycle it was not fitted on, beside its label: found less labelled, seconds, and
 * the standard deviation that the posterior gives each border, seconds.
 */
export type HeldOutInterval = {
  readonly startErrorSeconds: number
  readonly endErrorSeconds: number
  readonly startSdSeconds: number
  readonly endSdSeconds: number
}
