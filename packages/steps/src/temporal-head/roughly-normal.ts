/**
 * A draw of mean 0 and variance 1 from a sum of four uniform ones: never beyond ± 2√3, and by exactly rounded
 * arithmetic alone, so that a seed draws the same everywhere.
 */
export function roughlyNormal(random: () => number): number {
  return (random() + random() + random() + random() - 2) * Math.sqrt(3)
}

/** A draw of mean 0 and variance 1 that is uniform: a quarter of the cost, where many are added up anyway. */
export function uniformNoise(random: () => number): number {
  return (random() - 0.5) * Math.sqrt(12)
}
