import { type BorderCalibration, calibratedBorderSd, NINETY_PERCENT, UNCALIBRATED } from './border-calibration.ts'
import type { HeldOutInterval } from './held-out-interval.ts'

/** Share of held-out errors that lie within what is published as a 90 % interval. */
const LEVEL = 0.9

/** With fewer held-out intervals their largest error would be what is published: the posterior stands as it is. */
const FEWEST_INTERVALS = 5

/**
 * Calibrates ± on intervals of cycles held out, as split conformal prediction does with scores normalised by the
 * posterior's width (Lei et al. 2018, eq. 12; the quantile at level (n + 1) 0.9 / n): of |error| / sd the quantile that
 * covers 90 %, for borders and then for durations.
 */
export function fitCalibration(heldOut: readonly HeldOutInterval[]): BorderCalibration {
  if (heldOut.length < FEWEST_INTERVALS) return UNCALIBRATED
  const borders = heldOut.flatMap(({ startErrorSeconds, startSdSeconds, endErrorSeconds, endSdSeconds }) => [
    Math.abs(startErrorSeconds) / startSdSeconds,
    Math.abs(endErrorSeconds) / endSdSeconds,
  ])
  const borderScale = { ...UNCALIBRATED, scale: conformalQuantile(borders) / NINETY_PERCENT }
  const durations = heldOut.map(interval => {
    const { startErrorSeconds, endErrorSeconds } = interval
    const sd = [interval.startSdSeconds, interval.endSdSeconds].map(each => calibratedBorderSd(borderScale, each))
    return Math.abs(endErrorSeconds - startErrorSeconds) / Math.hypot(...sd)
  })
  return { ...borderScale, durationScale: conformalQuantile(durations) / NINETY_PERCENT }
}

/** The ⌈(n + 1) 0.9⌉-th smallest, or the largest. */
function conformalQuantile(scores: readonly number[]): number {
  const sorted = scores.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length, Math.ceil((sorted.length + 1) * LEVEL)) - 1]!
}
