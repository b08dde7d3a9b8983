/** Share of errors that a 90 % interval leaves outside. */
const alpha = 0.1

/** An error with the half-width that was claimed to hold nine tenths of its like, seconds. */
export interface Claim {
  readonly errorSeconds: number
  readonly halfWidthSeconds: number
}

/**
 * The interval score of a central 90 % interval (Gneiting & Raftery 2007, eq. 43), seconds; less is better:
 *   S(l, u; x) = (u − l) + 2/α (l − x) [x < l] + 2/α (x − u) [x > u]
 */
export const intervalScore = ({ errorSeconds, halfWidthSeconds }: Claim): number =>
  2 * halfWidthSeconds + (2 / alpha) * Math.max(0, Math.abs(errorSeconds) - halfWidthSeconds)

/** Half-width of the interval of constant width that split conformal prediction gives: the ⌈(n + 1) 0.9⌉-th smallest error. */
export function conformalHalfWidth(heldOutErrors: readonly number[]): number {
  const sorted = heldOutErrors.map(Math.abs).sort((a, b) => a - b)
  return sorted[Math.min(sorted.length, Math.ceil((sorted.length + 1) * (1 - alpha))) - 1]!
}
