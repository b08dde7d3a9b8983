import { type ClockPair, offsetMs } from './clock-window.ts'
import type { UtcMs } from './grid.ts'

/** Below this length of window, s, jitter hides drift: the rate is taken as 1. */
const shortestFitSeconds = 60

/** A trusted clock's rate is within 0.5 % of 1. */
const largestDeviation = 0.005

/**
 * A line under all closing times, as a segment can close late but never early: from media time, s, to UTC.
 * Of the lines that touch the window's lower hull it is the one under the window's middle, whose total distance is least
 * (Zhang, Liu, Xia: Clock synchronization algorithms for network measurements, 2002). `arrivals` is not empty.
 */
export function hostMap(arrivals: readonly ClockPair[]): (mediaSeconds: number) => UtcMs {
  const least = Math.min(...arrivals.map(offsetMs))
  const atRateOne = (mediaSeconds: number): UtcMs => mediaSeconds * 1000 + least
  if (arrivals.at(-1)!.mediaSeconds - arrivals[0]!.mediaSeconds < shortestFitSeconds) return atRateOne
  const middle = arrivals.reduce((sum, pair) => sum + pair.mediaSeconds, 0) / arrivals.length
  const hull = lowerHull(arrivals)
  const right = hull.findIndex(pair => pair.mediaSeconds >= middle)
  const [a, b] = [hull[right - 1]!, hull[right]!]
  const drift = (offsetMs(b) - offsetMs(a)) / (b.mediaSeconds - a.mediaSeconds)
  if (Math.abs(drift) > largestDeviation * 1000) return atRateOne
  return mediaSeconds => mediaSeconds * 1000 + offsetMs(a) + drift * (mediaSeconds - a.mediaSeconds)
}

/** Lower convex hull of pairs in order of media time (Andrew's monotone chain), over offsets, which keep products small. */
function lowerHull(pairs: readonly ClockPair[]): readonly ClockPair[] {
  const hull: ClockPair[] = []
  for (const pair of pairs) {
    while (hull.length > 1 && !liesUnder(hull.at(-1)!, hull.at(-2)!, pair)) hull.pop()
    hull.push(pair)
  }
  return hull
}

const liesUnder = (b: ClockPair, a: ClockPair, c: ClockPair): boolean =>
  (offsetMs(b) - offsetMs(a)) * (c.mediaSeconds - b.mediaSeconds) <
  (offsetMs(c) - offsetMs(b)) * (b.mediaSeconds - a.mediaSeconds)
