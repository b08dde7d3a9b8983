import { type CameraId, type CoverageEntry, type LossReason, loseCoverage, type Range } from '@takt/domain'
import type { Outage } from './keep-item.ts'

/** Said of a hole that nobody saw begin: packets that never came. */
const unexplained: LossReason = 'disconnected'

/** Adds an outage to those since the last segment; one that only goes on replaces its beginning. */
export function addOutage(outages: readonly Outage[], next: Outage): readonly Outage[] {
  const earlier = outages.at(-1)?.reason === next.reason ? outages.slice(0, -1) : outages
  return [...earlier, next]
}

/** The outages that still matter once the chain reaches `untilMs`: those that end later, and the last, whose reason holds on. */
export const outagesAfter = (outages: readonly Outage[], untilMs: number): readonly Outage[] =>
  outages.filter((outage, i) => outage.untilMs > untilMs || i === outages.length - 1)

/** The lost links of a hole in a camera's chain: each instant has the reason of the first outage that lasts beyond it. */
export function explainHole(camera: CameraId, hole: Range, outages: readonly Outage[]): readonly CoverageEntry[] {
  const links: CoverageEntry[] = []
  const last = outages.at(-1)?.reason ?? unexplained
  let fromMs = hole.startUtcMs
  for (const { reason, untilMs } of [...outages.slice(0, -1), { reason: last, untilMs: hole.endUtcMs }]) {
    const toMs = Math.min(Math.round(untilMs), hole.endUtcMs)
    const lost = loseCoverage({ camera, coveredUntilMs: fromMs, untilMs: toMs, reason })
    links.push(...lost)
    fromMs = Math.max(fromMs, toMs)
  }
  return links
}
