/** Divides the values by their sum and returns it: what keeps a product over a whole recording inside a float64. */
export function scaleToSum(values: Float64Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  const scale = 1 / sum
  for (let i = 0; i < values.length; i++) values[i]! *= scale
  return sum
}
