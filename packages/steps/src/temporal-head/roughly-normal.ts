/**
 * A draw of mean 0 and variance 1 from a sum of four uniform ones: never beyond ± 2√3, and by exactly rounded
 * arithmetic alone, so that a seed draws the same everywhere.
 */
export function roughlyNormal(random: () => number): number {
  return (random() + random() + random() + random() - 2) * Math.sqrt(3)
}
