export interface BackoffOptions {
  /** Upper end of the first delay. */
  readonly firstMs: number
  /** No delay is longer. */
  readonly capMs: number
}

/**
 * The delay before retry number `attempt` (1, 2, …): uniform in [½, 1] of min(cap, first · 2^(attempt−1)), in ms.
 * `random` in [0, 1) is passed in. Half of it is fixed, so that a retry is never immediate; half is spread, so that a crowd does not return at once.
 */
export const backoffMs = (attempt: number, random: number, { firstMs, capMs }: BackoffOptions): number => {
  const doublings = Math.min(Math.max(attempt - 1, 0), 52)
  const ceiling = Math.min(capMs, firstMs * 2 ** doublings)
  return (ceiling / 2) * (1 + random)
}
