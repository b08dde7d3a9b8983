/** Neighbours on this circle differ in hue by the golden angle and in lightness, so that a process reads at a glance. */
const GOLDEN_ANGLE = 137.508
const LIGHTNESS = [48, 62, 38] as const

/** A colour for each step, by its place in the process. */
export function stepColours(steps: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    steps.map((step, index) => {
      const hue = (210 + index * GOLDEN_ANGLE) % 360
      return [step, `hsl(${hue.toFixed(0)}, 62%, ${LIGHTNESS[index % LIGHTNESS.length]}%)`]
    }),
  )
}
