import { type ClockPair, offsetMs } from './clock-window.ts'

/** Below this length of window, s, jitter hides drift: the rate is taken as 1. */
const shortestFitSeconds = 60

/** A trusted clock's rate is within 0.5 % of 1. */
const largestDeviation = 0.005

/**
 * UTC of a media time by closing times: a line under all of them, because a segment can close late but never early.
 * Of the lines that touch the window's lower hull it is the one that passes under its middle (the least total distance).
 */
export function hostTimeMs(arrivals: readonly ClockPair[], mediaSeconds: number): number {
  const first = arrivals[0]!
  const last = arrivals.at(-1)!
  const least = Math.min(...arrivals.map(offsetMs))
  if (last.mediaSeconds - first.mediaSeconds < shortestFitSeconds) return mediaSeconds * 1000 + least
  const middle = arrivals.reduce((sum, pair) => sum + pair.mediaSeconds, 0) / arrivals.length
  const hull = lowerHull(arrivals)
  const right = hull.findIndex((pair, i) => i > 0 && pair.mediaSeconds >= middle)
  const [a, b] = [hull[right - 1]!, hull[right]!]
  const slope = (b.utcMs - a.utcMs) / (1000 * (b.mediaSeconds - a.mediaSeconds))
  if (Math.abs(slope - 1) > largestDeviation) return mediaSeconds * 1000 + least
  return a.utcMs + (mediaSeconds - a.mediaSeconds) * 1000 * slope
}

/** Lower convex hull of pairs in order of media time (Andrew's monotone chain). */
function lowerHull(pairs: readonly ClockPair[]): readonly ClockPair[] {
  const hull: ClockPair[] = []
  for (const pair of pairs) {
    while (hull.length > 1 && !turnsUp(hull.at(-2)!, hull.at(-1)!, pair)) hull.pop()
    hull.push(pair)
  }
  return hull
}

/** Whether b lies under the line from a to c. Offsets in place of UTC keep the products small. */
const turnsUp = (a: ClockPair, b: ClockPair, c: ClockPair): boolean =>
  (offsetMs(b) - offsetMs(a)) * (c.mediaSeconds - b.mediaSeconds) <
  (offsetMs(c) - offsetMs(b)) * (b.mediaSeconds - a.mediaSeconds)
