import { type ClockPair, median } from './clock-window.ts'

/** A media clock off by more than this is not one: 0.5 %. Crystals drift 0.01 %. */
const largestDeviation = 0.005

/** A flagged clock is trusted again below this. */
const trustedDeviation = 0.0025

/** Fewer closing times than these say nothing about a rate. */
const fewestPairs = 6

/** How a camera's media clock runs against the host's. */
export interface MediaRate {
  /** UTC seconds per media second. */
  readonly slope: number
  readonly untrusted: boolean
}

/** Until there are many closing times, their jitter is taken to be this, ms, with the weight of six of them. */
const expectedJitterMs = 200
const expectedWeight = 6

/**
 * The rate from closing times, as the median of slopes over a quarter of the window: one step of the host's clock
 * touches a quarter of those slopes and does not move their median. Jitter widens the threshold by three standard errors.
 */
export function mediaRate(arrivals: readonly ClockPair[], wasUntrusted: boolean): MediaRate {
  if (arrivals.length < fewestPairs) return { slope: 1, untrusted: wasUntrusted }
  const lag = arrivals.length >> 2
  const slopes = arrivals.slice(lag).map((later, i) => slopeBetween(arrivals[i]!, later))
  const slope = median(slopes)
  // 1.48 times the median absolute deviation estimates a standard deviation; slopes that overlap count once.
  const seen = 1.48 * median(slopes.map(s => Math.abs(s - slope)))
  const expected = expectedJitterMs / (1000 * (arrivals.at(-1)!.mediaSeconds - arrivals.at(-1 - lag)!.mediaSeconds))
  const share = expectedWeight / (expectedWeight + arrivals.length)
  const spread = Math.hypot(Math.sqrt(share) * expected, Math.sqrt(1 - share) * seen)
  const standardError = spread / Math.sqrt(slopes.length / lag)
  const limit = wasUntrusted ? trustedDeviation : largestDeviation + 3 * standardError
  return { slope, untrusted: Math.abs(slope - 1) > limit }
}

const slopeBetween = (from: ClockPair, to: ClockPair): number =>
  (to.utcMs - from.utcMs) / (1000 * Math.max(to.mediaSeconds - from.mediaSeconds, 1e-3))
