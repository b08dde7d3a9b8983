import type { FeatureMetrics } from './feature-metrics.ts'

/** So many looks in a row have to agree: a batch may by chance show clips that are alike. */
const LOOKS = 3

/** Of what there was at the first look. */
const LEAST_SHARE = 0.1

/** What an encoder loses when it collapses: 0 of any is a collapse, however it began. */
const losses: readonly {
  readonly name: string
  readonly of: (look: FeatureMetrics) => number
  readonly least: number
}[] = [
  { name: 'spread among clips at one time and place', of: ({ spread }) => spread, least: 1e-4 },
  { name: 'share of variance that time and place do not explain', of: ({ placeShare }) => 1 - placeShare, least: 1e-4 },
  { name: 'dimensions in use beyond the first', of: ({ effectiveRank }) => effectiveRank - 1, least: 0.02 },
]

/**
 * Why an encoder has collapsed, from all looks at a run, the first one first; null while it has not. The last three have
 * all to show less than a tenth of what the first one did, or next to nothing.
 */
export function collapseOf(looks: readonly FeatureMetrics[]): string | null {
  const [first] = looks
  const last = looks.slice(1).slice(-LOOKS)
  if (!first || last.length < LOOKS) return null
  for (const { name, of, least } of losses) {
    const floor = Math.max(least, LEAST_SHARE * of(first))
    if (last.every(look => of(look) < floor)) {
      return `${name}: ${of(first).toPrecision(2)} at first, now ${of(last.at(-1)!).toPrecision(2)}`
    }
  }
  return null
}
