/** Quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996); null of nothing. */
export function quantile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null
  const sorted = values.toSorted((a, b) => a - b)
  const at = share * (sorted.length - 1)
  const below = sorted[Math.floor(at)]!
  const above = sorted[Math.ceil(at)]!
  return below + (at - Math.floor(at)) * (above - below)
}
