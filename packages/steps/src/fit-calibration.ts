import { type BorderCalibration, calibratedBorderSd, NINETY_PERCENT, UNCALIBRATED } from './border-calibration.ts'
import type { HeldOutInterval } from './held-out-interval.ts'
import { quantile } from './metrics/quantile.ts'
import { STEP_SECONDS } from './time-step.ts'

/** Share of held-out errors that lie within what is published as a 90 % interval. */
const LEVEL = 0.9

/** With fewer held-out intervals a single one would say what is published: the posterior stands as it is. */
const FEWEST_INTERVALS = 5

/** A duration's borders are taken as independent, as by so many intervals: half as many scores say how they are not. */
const INDEPENDENT_INTERVALS = 20

/** Half a step: no border of features this long, and few labels, are finer. */
const FLOOR_SECONDS = STEP_SECONDS / 2

/**
 * Calibrates ± on intervals of cycles held out, by scores normalised with the posterior's width (Lei et al. 2018,
 * section 5.2): the 90 % quantile of |error| / √(sd² + floor²) scales it for borders; that of the durations' errors over
 * the calibrated ± of two independent borders scales it for durations, shrunk towards 1. For borders the quantile is the
 * empirical one, since heads that were fitted without a cycle know less than the one that is calibrated; for durations,
 * half as many, it lies at conformal prediction's 0.9 (n + 1) / n.
 */
export function fitCalibration(heldOut: readonly HeldOutInterval[]): BorderCalibration {
  if (heldOut.length < FEWEST_INTERVALS) return UNCALIBRATED
  const floored = { ...UNCALIBRATED, floorSeconds: FLOOR_SECONDS }
  const borders = heldOut.flatMap(({ startErrorSeconds, startSdSeconds, endErrorSeconds, endSdSeconds }) => [
    Math.abs(startErrorSeconds) / calibratedBorderSd(floored, startSdSeconds),
    Math.abs(endErrorSeconds) / calibratedBorderSd(floored, endSdSeconds),
  ])
  const calibration = { ...floored, scale: scaleOf(borders, LEVEL) }
  const durations = heldOut.map(({ startErrorSeconds, startSdSeconds, endErrorSeconds, endSdSeconds }) => {
    const sd = [startSdSeconds, endSdSeconds].map(each => calibratedBorderSd(calibration, each))
    return Math.abs(endErrorSeconds - startErrorSeconds) / Math.hypot(...sd)
  })
  const count = durations.length
  // The 0.9 (n + 1)-th smallest, as a share of the way from the first to the last.
  const level = Math.min(1, (LEVEL * (count + 1) - 1) / (count - 1))
  const trust = count / (count + INDEPENDENT_INTERVALS)
  return { ...calibration, durationScale: scaleOf(durations, level) ** trust }
}

/** What scales a normal distribution's 90 % half-width to that of the scores; bounded for what fits too well or not at all. */
function scaleOf(scores: readonly number[], level: number): number {
  return Math.min(50, Math.max(0.05, quantile(scores, level)! / NINETY_PERCENT))
}
