/** A signal of `[time, dim]` samples, row-major. */
export type Signal = { readonly values: Float64Array; readonly dim: number }

/**
 * What a segment of a signal costs; the less its samples differ, the less it does. A detector asks for the ends
 * 1, 2, … n in order, each once, and for no start below an earlier call's first one, so that a cost may keep a running
 * sum for each start. One `SegmentCosts` serves one detection.
 */
export type SegmentCosts = {
  /** Samples of the signal. */
  readonly length: number
  /** Writes the cost of [starts[i], end) to costs[i]; starts rise. */
  readonly endingAt: (end: number, starts: Int32Array, costs: Float64Array) => void
}

export function lengthOf({ values, dim }: Signal): number {
  return values.length / dim
}
