/** The q-quantile (0 … 1) of numbers in any order, interpolated between neighbours; throws on none. */
export function quantile(numbers: readonly number[], q: number): number {
  if (numbers.length === 0) throw new RangeError('no numbers have no quantile')
  const ordered = numbers.toSorted((a, b) => a - b)
  const at = q * (ordered.length - 1)
  const below = ordered[Math.floor(at)]!
  const above = ordered[Math.ceil(at)]!
  return below + (above - below) * (at - Math.floor(at))
}

export const median = (numbers: readonly number[]): number => quantile(numbers, 0.5)
