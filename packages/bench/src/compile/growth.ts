/** What a phase cost at one depth. */
export interface AtDepth {
  readonly depth: number
  readonly seconds: number
}

/**
 * How a cost grows with depth: what a layer more costs between the two deepest networks, over what it costs between
 * the shallowest and the second deepest. A linear cost gives 1, whatever does not depend on depth; with depths doubling
 * from 3 to 24 a quadratic one gives 2.4.
 */
export function growth(costs: readonly AtDepth[]): number {
  const ordered = costs.toSorted((a, b) => a.depth - b.depth)
  const [shallowest, middle, deepest] = [ordered[0]!, ordered.at(-2)!, ordered.at(-1)!]
  return secondsPerLayer(middle, deepest) / secondsPerLayer(shallowest, middle)
}

export function secondsPerLayer(from: AtDepth, to: AtDepth): number {
  return (to.seconds - from.seconds) / (to.depth - from.depth)
}
