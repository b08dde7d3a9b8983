/** ‖found − expected‖ / ‖expected‖ */
export function relativeError(found: readonly number[], expected: readonly number[]): number {
  if (found.length !== expected.length) throw new Error(`${found.length} numbers instead of ${expected.length}`)
  return Math.hypot(...expected.map((number, i) => number - found[i]!)) / Math.hypot(...expected)
}
