import type { DriftSegment } from '@takt/db'
import type { UtcMs } from '@takt/domain'

/** Of a window as much has to be embedded for its drift to be measured. */
const leastCovered = 0.5

/**
 * Segments as windows of one length of video, one after the other, whatever lies between; of many, `most`, evenly
 * spread. What is left over at the end is in none.
 */
export function referenceWindows(
  segments: readonly DriftSegment[],
  { windowMs, most }: { readonly windowMs: number; readonly most: number },
): readonly (readonly DriftSegment[])[] {
  const windows: DriftSegment[][] = []
  let open: DriftSegment[] = []
  let lengthMs = 0
  for (const segment of segments) {
    open.push(segment)
    lengthMs += segment.endUtcMs - segment.startUtcMs
    if (lengthMs < windowMs) continue
    windows.push(open)
    open = []
    lengthMs = 0
  }
  if (windows.length <= most) return windows
  return Array.from({ length: most }, (_, i) => windows[Math.floor((i * windows.length) / most)]!)
}

/** Start of the newest window, on a grid of whole windows of UTC, that has been over for `settleMs`. */
export const newestWindow = (nowMs: UtcMs, { windowMs, settleMs }: { windowMs: number; settleMs: number }): UtcMs =>
  Math.floor((nowMs - settleMs) / windowMs) * windowMs - windowMs

/** Whether segments cover enough of a window to stand for it. */
export function isCovered(segments: readonly DriftSegment[], windowMs: number): boolean {
  const coveredMs = segments.reduce((sum, { startUtcMs, endUtcMs }) => sum + endUtcMs - startUtcMs, 0)
  return coveredMs >= leastCovered * windowMs
}
