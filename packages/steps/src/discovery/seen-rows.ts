import { normaliseCentred } from '../temporal-head/centred-normalisation.ts'
import type { FeatureRows } from '../temporal-head/feature-rows.ts'
import { principalComponents, project } from '../temporal-head/principal-components.ts'
import { smoothRows } from './smooth-rows.ts'

/** Means over ±½ s: what work looks like, without the noise of single frames. */
const SMOOTHING_SECONDS = 0.5

/** Directions of most variance that are kept; 32 found the same periods for twice the time. */
const COMPONENTS = 24

/** Features as discovery sees them: normalised within `reachSeconds`, smooth, in few dimensions, not whitened. */
export function seenRows(
  features: FeatureRows,
  { reachSeconds, rowSeconds }: { readonly reachSeconds: number; readonly rowSeconds: number },
): FeatureRows {
  const rows = (seconds: number) => Math.max(1, Math.round(seconds / rowSeconds))
  const smooth = smoothRows(normaliseCentred(features, rows(reachSeconds)), rows(SMOOTHING_SECONDS))
  return project(smooth, principalComponents([smooth], COMPONENTS))
}
